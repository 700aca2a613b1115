using Slipway.Approvals;
using Slipway.Migrations;
using Slipway.Migrations.Commands;
using Slipway.Postgres;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private const long SpareBytes = 100_000_000;

    /// <summary>Checks what must hold before anything is touched, takes the lock, and has the plan approved.</summary>
    public async Task<StepReport> PreflightAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var facts = await new DatabaseProbe(Time).ObserveAsync(parts.Environment.Database.Url, cancellationToken);
        CheckIdentity(parts.Environment, facts);
        _state.Database = facts;
        var dump = await CheckBackupsAsync(parts, facts, cancellationToken);
        await CheckLockAsync(parts, cancellationToken);
        await CheckRequestsAsync(cancellationToken);
        _state.Release = await new ReleaseIdentity(processes).OfAsync(options.Root, cancellationToken);
        if (!options.DryRun)
        {
            await BeginAsync(cancellationToken);
        }

        _state.Migrations = await ReadMigrationsAsync(cancellationToken);
        await PlanAsync(facts, cancellationToken);
        ShowPlan();
        if (options.DryRun)
        {
            return StepReport.WouldDo($"run plan {_state.Plan!.ShortHash}; everything it needs is there");
        }

        var approval = await ApproveAsync(cancellationToken);
        await _run!.Recorder.AppendAsync(
            "approved",
            KeyValuePair.Create("who", approval.Who),
            KeyValuePair.Create("how", approval.How),
            KeyValuePair.Create("plan", approval.PlanHash)
        );
        TellStart();
        return StepReport.Done(
            $"{_state.Release.Id}, {Count(_state.Plan!.Pending.Count, "pending migration")}, plan {_state.Plan.ShortHash}",
            new("plan", _state.Plan.Hash),
            new("approved by", $"{approval.Who} ({approval.How})"),
            new(
                "server",
                $"PostgreSQL {facts.Version}, system {facts.SystemIdentifier ?? "unknown"}, at {facts.Address}"
            ),
            new("pg_dump", dump.ToString())
        );
    }

    private static void CheckIdentity(DeploymentEnvironment environment, DatabaseFacts facts)
    {
        var pinned = environment.Database.SystemIdentifier;
        if (facts.IsReplica)
        {
            throw new SlipwayException(
                $"Database {environment.Database.Url} is a replica and takes no writes",
                "name the primary in DATABASE_URL",
                ExitCode.Refused
            );
        }

        if (pinned is null && environment.ApprovalRequired)
        {
            throw new SlipwayException(
                $"Environment {environment.Name} does not say which server is its own, so a wrong address would go unnoticed",
                $"when system {facts.SystemIdentifier} at {facts.Address} is the right one, put "
                    + $"\"database\": {{ \"systemIdentifier\": \"{facts.SystemIdentifier}\", \"address\": \"{facts.Address}\" }} "
                    + $"into .nuke/environments/{environment.Name}.json",
                ExitCode.Refused
            );
        }

        CheckPins(environment, facts);
    }

    // An address may lead elsewhere by now, or to another database of that name.
    private async Task RefuseOtherDatabaseAsync(CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        var (then, url) = (_state.Database!, environment.Database.Url);
        var now = await new DatabaseProbe(Time).ObserveAsync(url, cancellationToken);
        CheckIdentity(environment, now);
        if (Identity(now) != Identity(then))
        {
            throw new SlipwayException(
                $"Database {url} is not the one that was planned for: it was {Identity(then)}, and is {Identity(now)}",
                "nothing was applied; see who replaced the server or the database meanwhile, then deploy again for a new plan: "
                    + $"./build.sh Deploy --env {environment.Name}",
                ExitCode.Refused
            );
        }

        // Where the role may not see which server it is, its address tells.
        static string Identity(DatabaseFacts facts) =>
            $"database {facts.Database} with number {facts.DatabaseId} of "
            + (facts.SystemIdentifier is { } system ? $"system {system}" : $"a server at {facts.Address}");
    }

    private static void CheckPins(DeploymentEnvironment environment, DatabaseFacts facts)
    {
        var (identifier, address) = (environment.Database.SystemIdentifier, environment.Database.Address);
        if (identifier is not null && identifier != facts.SystemIdentifier)
        {
            throw new SlipwayException(
                $"Database {environment.Database.Url} is on system {facts.SystemIdentifier ?? "unknown (the role may not see it)"}, "
                    + $"but environment {environment.Name} is pinned to system {identifier}",
                facts.SystemIdentifier is null
                    ? "let the role see it: GRANT EXECUTE ON FUNCTION pg_control_system() TO "
                        + environment.Database.Url.User
                    : "check DATABASE_URL; change the pin only when the server was really replaced",
                ExitCode.Refused
            );
        }

        if (address is not null && address != facts.Address)
        {
            throw new SlipwayException(
                $"Database {environment.Database.Url} says that it is at {facts.Address}, "
                    + $"but environment {environment.Name} is pinned to {address}",
                "check DATABASE_URL: a clone has the same identifier; change database.address only when the server really moved",
                ExitCode.Refused
            );
        }
    }

    private async Task<Version> CheckBackupsAsync(
        DeployParts parts,
        DatabaseFacts facts,
        CancellationToken cancellationToken
    )
    {
        var dump = await CheckDumpAsync(facts, cancellationToken);
        await CheckSpaceAsync(parts, facts, cancellationToken);
        await CheckServerAsync(parts, cancellationToken);
        return dump;
    }

    private async Task<Version> CheckDumpAsync(DatabaseFacts facts, CancellationToken cancellationToken)
    {
        var dump = await Parts.Writer.VersionAsync(cancellationToken);
        return dump.Major >= facts.Major
            ? dump
            : throw new SlipwayException(
                $"pg_dump {dump} is older than the server, {facts.Version}, and refuses to dump it",
                $"install postgresql-client-{facts.Major}",
                ExitCode.Refused
            );
    }

    // Two backups at the size of the last one, or of the database before there is one.
    private static async Task CheckSpaceAsync(
        DeployParts parts,
        DatabaseFacts facts,
        CancellationToken cancellationToken
    )
    {
        var last = await parts.Backups.LatestAsync(cancellationToken);
        var needed = (2 * (last?.Manifest.Bytes ?? facts.Size)) + SpareBytes;
        if (await parts.Store.FreeBytesAsync(cancellationToken) is { } free && free < needed)
        {
            throw new SlipwayException(
                $"The store {parts.Store.Location} has {RunOutput.Bytes(free)} free, and two backups need {RunOutput.Bytes(needed)}",
                "make room on that disk; nothing was touched",
                ExitCode.Refused
            );
        }
    }

    // A dry run tells what the run itself would say; Resume without anything to resume is a mistake.
    private async Task CheckLockAsync(DeployParts parts, CancellationToken cancellationToken)
    {
        var lease = await DeployLock.ReadAsync(parts.Store, parts.Environment.Name, cancellationToken);
        if (options.Intent is DeployIntent.Resume && lease is null)
        {
            throw new SlipwayException(
                $"There is nothing to resume in environment {parts.Environment.Name}: no run died there or is held for a person",
                $"./build.sh Deploy --env {parts.Environment.Name}",
                ExitCode.Refused
            );
        }

        if (options.Intent is DeployIntent.Deploy && lease is { State: DeployLease.Held })
        {
            throw DeployLock.IsHeld(parts.Environment.Name, lease);
        }
    }

    private async Task<MigrationStatus> ReadMigrationsAsync(CancellationToken cancellationToken)
    {
        var environment = (await OpenAsync(cancellationToken)).Environment;
        return environment.Migrations.Commands is null
            ? await Rehearsals.JudgedAsync(
                await Migrator.StatusAsync(environment.Database.Url, environment.Migrations, cancellationToken),
                cancellationToken
            )
            : await new CommandMigrator(environment, processes, Output).StatusAsync(cancellationToken);
    }

    private async Task PlanAsync(DatabaseFacts facts, CancellationToken cancellationToken)
    {
        var parts = Parts;
        var entries = await parts.Book.ReadAsync(cancellationToken);
        var serving = await parts.Releaser.ServingAsync(cancellationToken);
        var previous = ReleaseBook.LastVerified(entries, _state.Release!.Id);
        if (previous is not null)
        {
            _state.Previous = new(previous.Id, previous.Commit);
            _state.Unverified = [.. _state.Migrations!.AppliedSince(previous.Newest).Select(Word)];
            _state.Schema = SchemaOf(_state.Unverified);
        }

        // Before the first entry of a book that only deploys write, somebody else's release may be live.
        _state.IsLive = serving is not null || parts.Environment.Release.Strategy is ReleaseStrategy.Command;
        _state.Plan = new()
        {
            Environment = parts.Environment.Name,
            Release = _state.Release.Id,
            Live = serving,
            Database = $"{parts.Environment.Database.Url}, system {facts.SystemIdentifier ?? "unknown"}",
            Strategy = parts.Environment.Release.Strategy.ToString().ToLowerInvariant(),
            Pending = _state.Migrations!.Planned,
        };
        _state.NothingToDo =
            _state.Plan.IsEmpty && entries.Any(entry => entry.Id == serving && entry.State == ReleaseState.Verified);
    }

    private static string Word(MigrationEntry migration) => Word(migration.Verdict);

    private void ShowPlan()
    {
        foreach (var line in _state.Plan!.Text().TrimEnd().Split('\n'))
        {
            Output.Line($"  {line}");
        }

        Output.Line($"  plan         {_state.Plan.ShortHash}");
    }

    private Task<Approval> ApproveAsync(CancellationToken cancellationToken) =>
        new ApprovalGate(Output, options.Input, options.CanAsk, options.Variables).AskAsync(
            _state.Plan!,
            Parts.Environment.ApprovalRequired,
            cancellationToken
        );

    private DeployParts Parts => _parts ?? throw NoPreflight(options.Environment);

    /// <summary>The error of a chain that was told to leave out its first step.</summary>
    public static SlipwayException NoPreflight(string environment) =>
        new(
            "Preflight was skipped, and the steps after it need its settings, lock and approved plan",
            $"to go on where a run ended: ./build.sh Resume --env {environment}",
            ExitCode.BadInput
        );
}
