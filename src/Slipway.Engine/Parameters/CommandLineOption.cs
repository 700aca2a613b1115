namespace Nuke.Common.Parameters;

/// <summary>An option of the command line.</summary>
/// <param name="Name">Its name, without dashes.</param>
/// <param name="Values">The words behind it.</param>
internal sealed record CommandLineOption(string Name, IReadOnlyList<string> Values);
