using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Settings;

public sealed class PgBackRestSettingsTests
{
    private const string Small = """{ "dataFolder": "/srv/pg/data", "repository": "/mnt/repository" }""";
    private static readonly string Key = new('r', 64);

    [Fact]
    public void Fills_in_the_rest_of_a_small_section()
    {
        using var project = Project(Small);

        var result = project.Read("staging", ("BACKUP_REPOSITORY_KEY", Key));
        var server = result.Environment.Backup.Server!;

        Assert.Equal(
            ("staging", "/srv/pg/data", "/mnt/repository", 5432, "postgres"),
            (server.Stanza, server.DataFolder, server.Repository, server.Port, server.User)
        );
        Assert.Equal(
            ("/var/lib/pgbackrest/staging", "/var/lib/pgbackrest/staging/scratch"),
            (server.Folder, server.ScratchFolder)
        );
        Assert.Equal((2, 0, TimeSpan.FromMinutes(1)), (server.KeepFull, server.KeepDifferential, server.Interval));
        Assert.Equal(Key, server.Key!.Reveal());
        Assert.Contains(Key, result.Secrets.Select(secret => secret.Reveal()));
        Assert.DoesNotContain("BACKUP_REPOSITORY_KEY", result.Environment.Variables.Keys);
    }

    [Fact]
    public void Is_off_without_its_section()
    {
        using var project = new ProjectFolder();

        Assert.Null(project.Read().Environment.Backup.Server);
    }

    [Fact]
    public void Takes_the_port_of_the_database()
    {
        using var project = Project(Small);

        var result = project.Read(
            "staging",
            ("BACKUP_REPOSITORY_KEY", Key),
            ("DATABASE_URL", "postgresql://app:hunter2@localhost:5433/shop")
        );

        Assert.Equal(5433, result.Environment.Backup.Server!.Port);
    }

    [Fact]
    public void Uses_the_bucket_of_the_store()
    {
        using var project = Project(
            """{ "dataFolder": "/srv/pg/data" }""",
            """{ "bucket": "shop-backups", "region": "eu-central-1" }"""
        );

        var environment = project.Read("staging", ("BACKUP_REPOSITORY_KEY", Key)).Environment;

        Assert.Null(environment.Backup.Server!.Repository);
        Assert.Equal("shop-backups", environment.Store.Bucket!.Name);
    }

    [Theory]
    [InlineData("""{ "folder": "store" }""", "is missing, and the store is no bucket")]
    [InlineData(
        """{ "bucket": "b", "endpoint": "http://s3.internal" }""",
        "is missing, and pgBackRest reaches buckets by https only, which store.endpoint is not"
    )]
    public void Refuses_a_store_that_it_cannot_use(string store, string problem)
    {
        using var project = Project("""{ "dataFolder": "/srv/pg/data" }""", store);

        var found = Assert.Single(project.Problems("staging", ("BACKUP_REPOSITORY_KEY", Key)));

        Assert.Equal(("backup.pgBackRest.repository", problem), (found.Name, found.Problem));
    }

    [Fact]
    public void Refuses_a_temporary_access_key_for_the_bucket()
    {
        using var project = Project(
            """{ "dataFolder": "/srv/pg/data" }""",
            """{ "bucket": "b", "region": "eu-central-1" }"""
        );

        var found = Assert.Single(
            project.Problems(
                "staging",
                ("BACKUP_REPOSITORY_KEY", Key),
                ("AWS_ACCESS_KEY_ID", "AKIA"),
                ("AWS_SECRET_ACCESS_KEY", "hunter2"),
                ("AWS_SESSION_TOKEN", "hunter3")
            )
        );

        Assert.Contains("AWS_SESSION_TOKEN", found.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", $"{found}", StringComparison.Ordinal);
    }

    [Fact]
    public void Says_everything_that_is_wrong_at_once_and_no_secret()
    {
        using var project = Project(
            """
            { "stanza": "a/b", "repository": "backups", "folder": "/var/lib/it's", "port": 0, "user": "", "keepFull": 0,
              "keepDiff": -1, "interval": "60", "walSegment": 2048, "processes": "2", "preload": [""], "cipher": "aes" }
            """
        );

        var error = Assert.Throws<SettingsException>(() =>
            project.Read("staging", ("BACKUP_REPOSITORY_KEY", "hunter2"))
        );

        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Wants_a_key_where_backups_are_encrypted(string encrypted, bool isRefused)
    {
        using var project = Project(Small);

        var problem = Record.Exception(() => project.Read("staging", ("BACKUP_ENCRYPTION_ENABLED", encrypted)));

        Assert.Equal(isRefused, problem is SettingsException);
        Assert.True(!isRefused || problem!.Message.Contains("BACKUP_REPOSITORY_KEY", StringComparison.Ordinal));
    }

    private static ProjectFolder Project(string section, string store = """{ "folder": "store" }""") =>
        new(
            $$"""
            { "store": {{store}}, "migrations": { "folder": "migrations" },
              "release": { "strategy": "command", "deploy": ["deploy.sh"] },
              "health": { "url": "https://shop.internal" },
              "backup": { "pgBackRest": {{section}} } }
            """
        );
}
