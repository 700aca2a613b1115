using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Every text that a person sees at the end of a run, and its report, as approved.</summary>
public sealed class PrintedTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Fact]
    public async Task First_deploy() => Approve(await _project.DeployWellAsync());

    [Fact]
    public async Task Nothing_to_do()
    {
        await _project.DeployWellAsync();

        Approve(await _project.DeployWellAsync());
    }

    [Fact]
    public async Task Dry_run()
    {
        await _project.DeployWellAsync();
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Commit("second");

        Approve(await _project.RunAsync("Deploy", "--env", "local", "--dry-run"));
    }

    [Fact]
    public async Task Failed_migration()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(
            "20260102000000_broken",
            "DO $$ BEGIN IF current_database() NOT LIKE '%_rehearsal_%' THEN PERFORM no_such_column FROM notes; END IF; END $$;"
        );
        _project.Commit("broken");

        Approve(await _project.DeployAsync());
    }

    [Fact]
    public async Task Failed_rehearsal()
    {
        await _project.DeployWellAsync();
        _project.AddMigration("20260102000000_broken", "SELECT no_such_column FROM notes;");
        _project.Commit("broken");

        Approve(await _project.DeployAsync());
    }

    [Fact]
    public async Task Rolled_back()
    {
        await _project.DeployWellAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.Commit("bad notes");

        Approve(await _project.DeployAsync());
    }

    [Fact]
    public async Task Needs_a_person()
    {
        await _project.DeployWellAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.AddMigration("20260102000000_drop", "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        _project.Commit("bad notes");

        Approve(await _project.DeployAsync());
    }

    [Fact]
    public async Task Unknown_environment() => Approve(await _project.RunAsync("Deploy", "--env", "locl"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private void Approve(Outcome outcome, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var folder = _project.PathOf(".nuke/temp/runs/local");
        var report = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal).Last()
            : null;
        var text = $"{outcome.Output}\n[exit code {outcome.ExitCode}]\n";
        if (report is not null && outcome.Output.Contains(Path.GetFileName(report), StringComparison.Ordinal))
        {
            text += $"\n──── report ────\n{File.ReadAllText(report)}";
        }

        Approval.Match(Steady(text), test: test);
    }

    // What differs from run to run becomes a word; what a person reads stays.
    private string Steady(string text)
    {
        foreach (
            var (pattern, word) in new[]
            {
                (Regex.Escape(_project.Folder), "<project>"),
                (Regex.Escape($"{Environment.UserName}@{Environment.MachineName}"), "<operator>"),
                (@"(?m)^  waiting for .*: Connection refused\n", ""),
                (@"_rehearsal_[0-9a-f]{8}", "_rehearsal_<n>"),
                (@"\d+ of (\d+) connections", "<n> of $1 connections"),
                (@"cache \d+ %", "cache <n> %"),
                (@"\n {20,}", " "),
                (@"(?m)^\| (server|pg_dump|bytes) \|.*$", "| $1 | <n> |"),
                (@"applied( +)\d{4}-\d\d-\d\d", "applied$1<date>"),
                (@"\d{8}T\d{6}Z-[0-9a-f]{4}", "<run>"),
                (@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "<time>"),
                (@"\d\d:\d\d:\d\d", "<time>"),
                (@"\b[0-9a-f]{64}\b", "<sha256>"),
                (@"\b[0-9a-f]{40}\b", "<commit>"),
                (@"\b[0-9a-f]{12}\b", "<hash>"),
                (@"(?m)^\| keys \| [0-9a-f]{16} \|$", "| keys | <key> |"),
                (@"\bplan( +)[0-9a-f]{8}\b", "plan$1<hash>"),
                (@"system \d{15,20}", "system <id>"),
                (@"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
                (@"\b\d+(\.\d+)? (s|ms|B|kB|MB)\b", "<n> $2"),
                (@"(< 1sec|\b\d+:\d\d\b)", "<t>"),
                (@"─{9,}", "────"),
                (@"═{9,}", "════"),
                (@" {2,}", "  "),
            }
        )
        {
            text = Regex.Replace(text, pattern, word, RegexOptions.None, TimeSpan.FromSeconds(5));
        }

        return text;
    }
}
