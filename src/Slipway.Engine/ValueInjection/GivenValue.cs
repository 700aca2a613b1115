namespace Nuke.Common.ValueInjection;

/// <summary>The words given for a parameter, and where.</summary>
internal sealed record GivenValue(ParameterMember Parameter, IReadOnlyList<string> Words, string Source);
