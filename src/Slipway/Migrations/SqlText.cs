namespace Slipway.Migrations;

/// <summary>A file cut into its statements.</summary>
/// <param name="Statements">The statements in order; empty ones are left out.</param>
/// <param name="MetaCommandLine">Line of the first psql meta-command, or null.</param>
/// <param name="OpenLine">Line of a quote or comment that never ends, or null.</param>
internal sealed record SqlText(IReadOnlyList<SqlStatement> Statements, int? MetaCommandLine, int? OpenLine);
