namespace Slipway.Migrations;

/// <summary>Is told of every statement, one at a time; what it throws fails the migration as a statement would.</summary>
/// <param name="Before">Called before one runs.</param>
/// <param name="After">Called when it has run, before its transaction ends.</param>
internal sealed record StatementHook(
    Func<StatementRun, CancellationToken, Task> Before,
    Func<StatementRun, CancellationToken, Task> After
);
