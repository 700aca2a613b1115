using Slipway.Backups;
using Slipway.Settings;

namespace Slipway.Tests.Backups.Copying;

public sealed class BackupCopyTests : IDisposable
{
    private readonly CopyScene _scene = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_everything_and_the_manifest_last()
    {
        await _scene.AddAsync(Keys.Of(1));
        await _scene.AddAsync(null, number: 2);

        Assert.Equal(ExitCode.Done, await CopyAsync());

        Assert.Equal(await CopyScene.NamesAsync(_scene.Source), await CopyScene.NamesAsync(_scene.Target));
        var copies = await new BackupCatalog(_scene.Target, "test", _scene.Output).ListAsync(Token);
        Assert.All(copies, copy => Assert.True(copy.IsVerified));
        foreach (var copy in copies)
        {
            Assert.Null(await _scene.ProblemAsync(_scene.Target, Keys.Of(1), copy.Id));
        }

        var puts = _scene.Target.Calls.Where(call => call.StartsWith("put", StringComparison.Ordinal)).ToList();
        Assert.EndsWith("manifest.json", puts[3], StringComparison.Ordinal);
        Assert.EndsWith("manifest.json", puts[7], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_one_backup_when_one_is_named()
    {
        await _scene.AddAsync(Keys.Of(1));
        var wanted = await _scene.AddAsync(Keys.Of(1), number: 2);

        Assert.Equal(ExitCode.Done, await CopyAsync(wanted.Id));

        var copies = await new BackupCatalog(_scene.Target, "test", _scene.Output).ListAsync(Token);
        Assert.Equal(wanted.Id, Assert.Single(copies).Id);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => CopyAsync("20200101T000000Z-0001"));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public async Task Goes_on_where_it_stopped_and_writes_again_what_is_wrong()
    {
        var manifest = await _scene.AddAsync(Keys.Of(1));
        _scene.Target.Before = (call, key) =>
            call is "put" && key.EndsWith("globals.sql.zst.age", StringComparison.Ordinal)
                ? new IOException("full")
                : null;
        Assert.Equal(ExitCode.Failed, await CopyAsync());
        Assert.Equal(["database.dump.zst.age"], await CopyScene.NamesAsync(_scene.Target));
        _scene.Target.Before = null;
        _scene.Target.Calls.Clear();

        Assert.Equal(ExitCode.Done, await CopyAsync());
        Assert.DoesNotContain($"put {manifest.Key(manifest.Dump)}", _scene.Target.Calls);

        await File.WriteAllTextAsync(_scene.PathOf("target", manifest.Key(manifest.Dump)), "damaged", Token);
        Assert.Equal(ExitCode.Done, await CopyAsync());
        Assert.Null(await _scene.ProblemAsync(_scene.Target, Keys.Of(1)));
        _scene.Target.Calls.Clear();

        Assert.Equal(ExitCode.Done, await CopyAsync());
        Assert.DoesNotContain(_scene.Target.Calls, call => call.StartsWith("put", StringComparison.Ordinal));
        Assert.Contains($"{manifest.Id} is in ", _scene.Printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_nothing_of_a_backup_that_is_not_what_was_written_and_copies_the_others()
    {
        var broken = await _scene.AddAsync(Keys.Of(1));
        var good = await _scene.AddAsync(Keys.Of(1), number: 2);
        var path = _scene.PathOf("source", broken.Key(broken.Dump));
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        Assert.Equal(ExitCode.Failed, await CopyAsync());

        var copies = await new BackupCatalog(_scene.Target, "test", _scene.Output).ListAsync(Token);
        Assert.Equal(good.Id, Assert.Single(copies).Id);
        Assert.DoesNotContain(
            await _scene.Target.ListAsync("", Token),
            item => item.Key.Contains(broken.Id, StringComparison.Ordinal)
        );
        Assert.Contains("is not what was written", _scene.Printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follows_a_backup_that_was_given_to_other_keys()
    {
        await _scene.AddAsync(Keys.Of(1));
        await CopyAsync();
        await _scene.Copy.RewrapAsync(new BackupOptions { Key = Keys.Of(2) }, Keys.Of(1), null, Token);

        Assert.Equal(ExitCode.Done, await CopyAsync());

        Assert.Null(await _scene.ProblemAsync(_scene.Target, Keys.Of(2)));
        Assert.Equal(await CopyScene.NamesAsync(_scene.Source), await CopyScene.NamesAsync(_scene.Target));
    }

    [Fact]
    public async Task Refuses_to_replace_another_backup_of_the_same_name()
    {
        var manifest = await _scene.AddAsync(Keys.Of(1));
        await CopyAsync();
        var sums = manifest.Dump.Sums with { PlainSha256 = BackupSamples.Hash };
        var other = manifest with { Dump = manifest.Dump with { Sums = sums } };
        await new BackupCatalog(_scene.Target, "test", _scene.Output).AddAsync(other, Token);

        Assert.Equal(ExitCode.Failed, await CopyAsync());

        Assert.Contains("has another backup by the name of", _scene.Printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_what_a_newer_version_wrote()
    {
        var manifest = await _scene.AddAsync(Keys.Of(1));
        await _scene.Catalog.AddAsync(manifest with { Schema = BackupManifest.CurrentSchema + 1 }, Token);

        Assert.Equal(ExitCode.Failed, await CopyAsync());
        Assert.Equal(
            ExitCode.Failed,
            await _scene.Copy.RewrapAsync(new BackupOptions { Key = Keys.Of(2) }, Keys.Of(1), null, Token)
        );

        Assert.Empty(await CopyScene.NamesAsync(_scene.Target));
    }

    public void Dispose() => _scene.Dispose();

    private Task<ExitCode> CopyAsync(string? id = null) => _scene.Copy.ToAsync(_scene.Target, id, Token);
}
