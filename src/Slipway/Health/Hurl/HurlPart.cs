namespace Slipway.Health.Hurl;

/// <summary>A piece of a template: either text or a variable.</summary>
/// <param name="Text">The text, or the variable's name.</param>
/// <param name="IsVariable">True for a variable.</param>
/// <param name="Line">Its line.</param>
/// <param name="Column">Its column.</param>
public sealed record HurlPart(string Text, bool IsVariable, int Line, int Column);
