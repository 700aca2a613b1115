using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Tests.Backups.Copying;

public sealed class BackupRewrapTests
{
    private static readonly BackupKey Old = Keys.Of(1);
    private static readonly BackupKey New = Keys.Of(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_a_backup_to_other_keys_and_takes_it_from_the_old_ones()
    {
        using var scene = new CopyScene();
        var before = await scene.AddAsync(Old);

        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, Keys.Together(New, Old)));

        Assert.Null(await scene.ProblemAsync(scene.Source, New));
        Assert.NotNull(await scene.ProblemAsync(scene.Source, Old));
        var after = (await scene.Catalog.ListAsync(Token)).Single();
        Assert.True(after.IsVerified);
        Assert.Equal(New.KeyIds, after.Manifest.Keys);
        Assert.Equal(before.Dump.Sums.PlainSha256, after.Manifest.Dump.Sums.PlainSha256);
        Assert.NotEqual(before.Dump, after.Manifest.Dump);
        Assert.Equal(4, (await CopyScene.NamesAsync(scene.Source)).Count);
    }

    [Fact]
    public async Task Changes_nothing_of_what_is_right_already()
    {
        using var scene = new CopyScene();
        await scene.AddAsync(New);
        await scene.AddAsync(null, number: 2);
        scene.Source.Calls.Clear();

        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, Keys.Together(New, Old)));

        Assert.DoesNotContain(scene.Source.Calls, call => call.StartsWith("put", StringComparison.Ordinal));
        Assert.DoesNotContain(scene.Source.Calls, call => call.StartsWith("delete", StringComparison.Ordinal));
        Assert.Contains("is NOT encrypted, and stays so", scene.Printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_nothing_without_a_key_that_opens_it()
    {
        using var scene = new CopyScene();
        var before = await scene.AddAsync(Old);

        Assert.Equal(ExitCode.Failed, await RewrapAsync(scene, New));

        Assert.Equal(before.Keys, (await scene.Catalog.ListAsync(Token)).Single().Manifest.Keys);
        Assert.Null(await scene.ProblemAsync(scene.Source, Old));
        Assert.Equal(4, (await CopyScene.NamesAsync(scene.Source)).Count);
    }

    [Fact]
    public async Task Never_vouches_for_what_was_damaged()
    {
        using var scene = new CopyScene();
        var manifest = await scene.AddAsync(Old);
        var path = scene.PathOf("source", manifest.Key(manifest.Dump));
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        Assert.Equal(ExitCode.Failed, await RewrapAsync(scene, Keys.Together(New, Old)));

        Assert.Equal(manifest.Dump, (await scene.Catalog.ListAsync(Token)).Single().Manifest.Dump);
        Assert.Equal(4, (await CopyScene.NamesAsync(scene.Source)).Count);
    }

    [Fact]
    public async Task Never_vouches_for_what_the_store_did_not_keep()
    {
        using var scene = new CopyScene();
        await scene.AddAsync(Old);
        scene.Source.After = (call, key) =>
        {
            if (call is "put" && key.Contains("database.dump-", StringComparison.Ordinal))
            {
                File.WriteAllText(scene.PathOf("source", key), "something else");
            }

            return null;
        };

        Assert.Equal(ExitCode.Failed, await RewrapAsync(scene, Keys.Together(New, Old)));

        Assert.Null(await scene.ProblemAsync(scene.Source, Old));
        Assert.Equal(4, (await CopyScene.NamesAsync(scene.Source)).Count);
    }

    [Fact]
    public async Task Works_for_public_keys_and_for_passphrases()
    {
        using var scene = new CopyScene();
        await scene.AddAsync(Old);
        var recipient = Keys.Parse($"{New.Recipients[0]}");
        var passphrase = Keys.Parse("twelve otters juggling marbles under a copper moon");

        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, recipient, Old));
        Assert.Null(await scene.ProblemAsync(scene.Source, New));
        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, passphrase, New));
        Assert.Null(await scene.ProblemAsync(scene.Source, passphrase));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaves_a_whole_backup_wherever_the_store_fails(bool before)
    {
        var stop = 0;
        for (var isDone = false; !isDone; stop++)
        {
            using var scene = new CopyScene();
            await scene.AddAsync(Old);
            var calls = 0;
            Func<string, string, Exception?> fail = (_, _) => calls++ == stop ? new IOException("gone") : null;
            (scene.Source.Before, scene.Source.After) = (before ? fail : null, before ? null : fail);
            var ended = await Record.ExceptionAsync(() => RewrapAsync(scene, Keys.Together(New, Old)));
            isDone = ended is null && calls <= stop;
            (scene.Source.Before, scene.Source.After) = (null, null);

            Assert.True(ended is null or IOException, $"{ended}");
            Assert.True(
                await scene.ProblemAsync(scene.Source, Old) is null
                    || await scene.ProblemAsync(scene.Source, New) is null,
                $"no key opens it after call {stop}: {string.Join('\n', scene.Source.Calls)}"
            );
            await FinishAsync(scene);
        }

        Assert.True(stop > 15, $"only {stop} calls");
    }

    [Fact]
    public async Task Leaves_a_whole_backup_wherever_it_is_killed()
    {
        var stop = 0;
        for (var isDone = false; !isDone; stop++)
        {
            using var scene = new CopyScene();
            await scene.AddAsync(Old);
            var calls = 0;
            // Nothing works any more, so nothing is tidied up either.
            scene.Source.Before = (_, _) => calls++ >= stop ? new IOException("killed") : null;
            await Record.ExceptionAsync(() => RewrapAsync(scene, Keys.Together(New, Old)));
            isDone = calls <= stop;
            scene.Source.Before = null;

            Assert.True(
                await scene.ProblemAsync(scene.Source, Old) is null
                    || await scene.ProblemAsync(scene.Source, New) is null
            );
            await FinishAsync(scene);
        }

        Assert.True(stop > 15, $"only {stop} calls");
    }

    [Fact]
    public async Task Harms_nothing_when_two_do_it_at_once()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            using var scene = new CopyScene();
            await scene.AddAsync(Old);
            var both = Keys.Together(New, Old);

            await Task.WhenAll(
                Task.Run(() => RewrapAsync(scene, both), Token),
                Task.Run(() => RewrapAsync(scene, both), Token)
            );

            var found = await scene.ProblemAsync(scene.Source, both);
            Assert.True(found is null, $"{found}\n{string.Join('\n', scene.Source.Calls)}");
        }
    }

    [Fact]
    public async Task Says_that_the_old_file_is_still_there_when_it_is_locked()
    {
        using var scene = new CopyScene();
        await scene.AddAsync(Old);
        scene.Source.Before = (call, key) => call is "delete" ? new ObjectLockedException(key, null) : null;

        Assert.Equal(ExitCode.Failed, await RewrapAsync(scene, Keys.Together(New, Old)));

        Assert.Contains("database.dump.zst.age is locked", scene.Printed.ToString(), StringComparison.Ordinal);
        scene.Source.Before = null;
        Assert.Null(await scene.ProblemAsync(scene.Source, New));
    }

    [Fact]
    public async Task Wants_a_key()
    {
        using var scene = new CopyScene();

        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            scene.Copy.RewrapAsync(new BackupOptions(), null, null, Token)
        );

        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    private static async Task FinishAsync(CopyScene scene)
    {
        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, Keys.Together(New, Old)));
        Assert.Null(await scene.ProblemAsync(scene.Source, New));
        Assert.NotNull(await scene.ProblemAsync(scene.Source, Old));
        Assert.DoesNotContain("database.dump.zst.age", await CopyScene.NamesAsync(scene.Source));
        scene.Wait();
        Assert.Equal(ExitCode.Done, await RewrapAsync(scene, Keys.Together(New, Old)));
        Assert.Null(await scene.ProblemAsync(scene.Source, New));
        Assert.Equal(4, (await CopyScene.NamesAsync(scene.Source)).Count);
    }

    private static Task<ExitCode> RewrapAsync(CopyScene scene, BackupKey current, BackupKey? former = null) =>
        scene.Copy.RewrapAsync(new BackupOptions { Key = current }, former, null, Token);
}
