using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations.Commands;

/// <summary>Migrates by the project's own commands; history and schema are looked at before and after.</summary>
internal sealed class CommandMigrator(DeploymentEnvironment environment, IProcessRunner processes, RunOutput output)
{
    private const string Purpose = "migrate by command";

    private MigrationCommands Commands => environment.Migrations.Commands!;

    private string DeployText => string.Join(' ', Commands.Deploy);

    /// <summary>Asks the project's own command whether something is pending; without one, deploying is always pending.</summary>
    public async Task<MigrationStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var isPending = Commands.Status.Count == 0 || await IsPendingAsync(cancellationToken);
        var history = await LookAsync(cancellationToken);
        List<MigrationEntry> entries =
        [
            .. history
                .Rows.Select(HistorySnapshot.NameOf)
                .Distinct(StringComparer.Ordinal)
                .Select((name, at) => new MigrationEntry(name, MigrationCondition.Applied, "", "") { Sequence = at }),
        ];
        if (isPending)
        {
            var why =
                Commands.Status.Count == 0 ? "no status command says what is pending" : "the status command says so";
            entries.Add(
                new(DeployText, MigrationCondition.Pending, why, "")
                {
                    Checksum = StepProgress.ChecksumOf(DeployText + Files()),
                }
            );
        }

        return new(entries)
        {
            Format = "command",
            Folder = environment.Migrations.Folder,
            History = history.Rows,
        };
    }

    /// <summary>Runs the project's own command.</summary>
    /// <returns>What the history has more afterwards.</returns>
    /// <exception cref="MigrationFailedException">It failed, or says that it did not; tells what it left.</exception>
    public async Task<MigrationOutcome> DeployAsync(CancellationToken cancellationToken)
    {
        var (added, _) = await ChangeAsync(Commands.Deploy, MigrationDirection.Up, cancellationToken);
        if (Commands.Status.Count > 0 && await IsPendingAsync(cancellationToken))
        {
            throw Failed(
                Commands.Deploy,
                MigrationDirection.Up,
                "it ended with 0, but the status command says that something is still pending",
                isUnchanged: false,
                added,
                new InvalidOperationException(DeployText)
            );
        }

        return new(added, MigrationState.AllApplied);
    }

    /// <summary>Runs the project's own command that undoes the last migration.</summary>
    /// <returns>What the history has no more.</returns>
    /// <exception cref="SlipwayException">There is none, or it undid nothing.</exception>
    public async Task<IReadOnlyList<string>> RollbackAsync(CancellationToken cancellationToken)
    {
        if (Commands.Rollback.Count == 0)
        {
            throw new SlipwayException(
                $"Environment {environment.Name} has no command that undoes a migration",
                "name it in migrations.rollback of the environment file, or go forward with a new migration",
                ExitCode.Refused
            );
        }

        var (_, removed) = await ChangeAsync(Commands.Rollback, MigrationDirection.Down, cancellationToken);
        return removed.Count > 0
            ? removed
            : throw new SlipwayException(
                $"{string.Join(' ', Commands.Rollback)} ended with 0, and the history is as it was before: nothing was undone",
                "see what it says above; when its history is in a table of another name, write it to migrations.table",
                ExitCode.Failed
            );
    }

    private async Task<(IReadOnlyList<AppliedMigration> Added, IReadOnlyList<string> Removed)> ChangeAsync(
        IReadOnlyList<string> words,
        MigrationDirection direction,
        CancellationToken cancellationToken
    )
    {
        var before = await LookAsync(cancellationToken);
        var failure = await TryAsync(words, cancellationToken);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30), output.Time);
        var after = await LookAsync(failure is null ? cancellationToken : bound.Token);
        var added = Names(after.Rows.Except(before.Rows, StringComparer.Ordinal))
            .Select(name => new AppliedMigration(name, TimeSpan.Zero))
            .ToList();
        return failure is null
            ? (added, Names(before.Rows.Except(after.Rows, StringComparer.Ordinal)))
            : throw Failed(
                words,
                direction,
                failure is OperationCanceledException ? "it was cancelled" : failure.Message.Split('\n')[0],
                before.Schema == after.Schema && before.Rows.SequenceEqual(after.Rows),
                added,
                failure
            );
    }

    private async Task<Exception?> TryAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        try
        {
            var (command, result) = await RunAsync(words, cancellationToken);
            return result.ExitCode == 0
                ? null
                : new CommandFailedException(
                    command,
                    result,
                    $"ended with exit code {result.ExitCode}: {result.Error.Trim().Split('\n')[^1]}",
                    "mend what it says"
                );
        }
        catch (Exception exception) when (exception is CommandFailedException or OperationCanceledException)
        {
            return exception;
        }
    }

    private async Task<bool> IsPendingAsync(CancellationToken cancellationToken)
    {
        var (command, result) = await RunAsync(Commands.Status, cancellationToken);
        // The shell's own codes, and those of signals: the question was not answered.
        return result.ExitCode < 126
            ? result.ExitCode != 0
            : throw new CommandFailedException(
                command,
                result,
                $"ended with exit code {result.ExitCode}, so what is pending is not known: {result.Error.Trim()}",
                "see that it can run here: migrations.status of the environment file"
            );
    }

    private async Task<(Command Command, CommandResult Result)> RunAsync(
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    )
    {
        List<string> filled =
        [
            .. words.Select(word => word.Replace("{environment}", environment.Name, StringComparison.Ordinal)),
        ];
        var command = new Command(filled[0], filled[1..])
        {
            Folder = environment.Root,
            Timeout = Commands.Timeout,
            Variables = new Dictionary<string, Secret>(environment.Variables)
            {
                ["DATABASE_URL"] = environment.Database.Url.Raw,
            },
        };
        output.Line($"  {command}");
        return (command, await processes.RunAsync(command, line => output.Raw($"  {line}"), cancellationToken));
    }

    private async Task<HistorySnapshot> LookAsync(CancellationToken cancellationToken)
    {
        var (url, settings) = (environment.Database.Url, environment.Migrations);
        await using var source = PostgresSource.Create(url, Purpose);
        await using var connection = await new MigrationSession(source, url, settings).OpenPlainAsync(
            cancellationToken
        );
        return await HistorySnapshot.TakeAsync(connection, settings.Table, cancellationToken);
    }

    // The plan is bound to the files, whatever they are.
    private string Files() =>
        Directory.Exists(environment.Migrations.Folder)
            ? string.Join(
                '\n',
                Directory
                    .EnumerateFiles(environment.Migrations.Folder, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(path => $"{path} {StepProgress.ChecksumOf(File.ReadAllText(path))}")
            )
            : "";

    private static MigrationFailedException Failed(
        IReadOnlyList<string> words,
        MigrationDirection direction,
        string error,
        bool isUnchanged,
        IReadOnlyList<AppliedMigration> added,
        Exception inner
    ) =>
        new(
            new()
            {
                Migration = string.Join(' ', words),
                Direction = direction,
                State = isUnchanged ? MigrationState.FailedCleanly : MigrationState.HalfApplied,
                Error = error,
                AppliedBefore = added,
                Left = isUnchanged
                    ? "history and schema are as they were before"
                    : "history or schema are not what they were before, and the tool's own status says more",
                Remedy = "see what it printed, mend it, then look with: ./build.sh MigrateStatus",
            },
            inner
        );

    private static List<string> Names(IEnumerable<string> rows) => [.. rows.Select(HistorySnapshot.NameOf)];
}
