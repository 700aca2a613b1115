using System.Diagnostics;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Settings;

public sealed class SettingsReaderTests
{
    private static readonly string[] Names =
    [
        "DB_POOL_MAX",
        "DB_IDLE_TIMEOUT",
        "BACKUP_RETENTION_DAYS",
        "DB_CONNECT_TIMEOUT",
    ];

    [Fact]
    public void Reads_a_small_file_and_fills_in_the_rest()
    {
        using var project = new ProjectFolder();

        var settings = project.Read().Environment;

        Assert.Equal(
            ("staging", "db.internal", "shop"),
            (settings.Name, settings.Database.Url.Host, settings.Database.Url.Database)
        );
        Assert.Equal(Path.Combine(project.Root, "migrations"), settings.Migrations.Folder);
        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.Migrations.LockTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(60_000), settings.Pool.QueryTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), settings.Database.Url.PoolTimeout);
        Assert.Equal("600000", settings.Variables["DB_IDLE_TIMEOUT"].Reveal());
        Assert.False(settings.ApprovalRequired);
    }

    [Fact]
    public void Asks_for_confirmation_where_the_name_begins_with_prod()
    {
        using var project = new ProjectFolder(environment: "production");

        Assert.True(project.Read("production").Environment.ApprovalRequired);
    }

    [Fact]
    public void Lets_process_win_over_dotenv_over_file_over_provided_over_default()
    {
        using var project = new ProjectFolder(
            ProjectFolder.Minimal[..^1]
                + """, "variables": { "DB_POOL_MAX": 3, "DB_IDLE_TIMEOUT": "3000", "BACKUP_RETENTION_DAYS": 3 } }""",
            dotEnv: "DB_POOL_MAX=2\nDB_IDLE_TIMEOUT=2000"
        );
        var process = new Dictionary<string, string>(ProjectFolder.Variables)
        {
            ["DB_POOL_MAX"] = "1",
            ["HOME"] = "/root",
            ["DB_CONNECT_TIMEOUT"] = "",
        };
        var provided = new Dictionary<string, string>
        {
            ["BACKUP_RETENTION_DAYS"] = "4",
            ["SOFT_DELETE_GRACE_PERIOD_DAYS"] = "4",
        };

        var result = SettingsReader.Read(project.Root, "staging", process, provided);

        Assert.Equal(
            ["1 process environment", "2000 staging.env:2", "3 staging.json variables", "10 default"],
            Names
                .Select(name => result.Origins.Single(origin => origin.Name.Equals(name, StringComparison.Ordinal)))
                .Select(origin => $"{origin.Value} {origin.Origin}")
        );
        Assert.Equal(4, result.Environment.SoftDelete.GracePeriod.Days);
        Assert.DoesNotContain("HOME", result.Environment.Variables.Keys);
        Assert.Equal(
            "comes from the process environment and hides staging.env:1",
            result.Warnings.Single(warning => warning.Name is "DB_POOL_MAX").Problem
        );
    }

    [Fact]
    public void Reports_everything_at_once()
    {
        using var project = new ProjectFolder(
            """
            {
              // comments and trailing commas are fine
              "stor": {}, "migrations": { "folder": 7, "lockTimeout": "5", "statementTimeout": 15 },
              "test": { "command": ["dotnet", 1, "{relase}"] },
              "release": { "strategy": "proces", "port": 70000, "keep": "5" },
              "health": { "url": "ftp://x", "path": "health" },
              "approval": "maybe",
              "variables": { "CSRF_SECRET": "hunter2", "A": [1] },
              "passVariables": ["MAIL_FROM"],
            }
            """,
            "prod",
            "DB_POOL_MAXX=5\nhunter2\nACCESS_TOKEN_SECRET=hunter2"
        );

        var error = Assert.Throws<SettingsException>(() =>
            SettingsReader.Read(
                project.Root,
                "prod",
                new Dictionary<string, string> { ["NODE_ENV"] = "test" },
                new Dictionary<string, string>()
            )
        );

        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Theory]
    [InlineData(
        "DB_CONNECT_TIMEOUT",
        "10000",
        "is in seconds, so this is 2.8 h; it looks like milliseconds",
        "write 10"
    )]
    [InlineData(
        "DB_POOL_CONNECTION_TIMEOUT",
        "20000",
        "is in seconds, so this is 5.6 h; it looks like milliseconds",
        "write 20"
    )]
    [InlineData(
        "DB_QUERY_TIMEOUT",
        "60",
        "is in milliseconds, so this is 0.06 s; it looks like seconds",
        "write 60000"
    )]
    [InlineData(
        "DB_IDLE_TIMEOUT",
        "600",
        "is in milliseconds, so this is 0.6 s; it looks like seconds",
        "write 600000"
    )]
    [InlineData(
        "DB_CONNECTION_TIME_THRESHOLD",
        "5",
        "is in milliseconds, so this is 0.005 s; it looks like seconds",
        "write 5000"
    )]
    [InlineData(
        "DB_QUERY_TIME_THRESHOLD",
        "10",
        "is in milliseconds, so this is 0.01 s; it looks like seconds",
        "write 10000"
    )]
    [InlineData("DB_QUERY_TIMEOUT", "1m", "is no number of milliseconds", "write whole milliseconds")]
    [InlineData("DB_POOL_MAX", "0", "is out of range", "write a whole number from 1")]
    [InlineData("BACKUP_ENABLED", "yes", "is neither true nor false", "write true or false")]
    [InlineData("BACKUP_SCHEDULE", "0 25 * * *", "is no schedule: '25' is no hour", "write minute, hour")]
    [InlineData("PERMANENT_DELETE_SCHEDULE", "daily", "is no schedule: has 1 fields", "write minute, hour")]
    [InlineData(
        "BACKUP_S3_BUCKET",
        "your-production-backup-bucket",
        "still holds the placeholder your-production-",
        "put your own value there"
    )]
    [InlineData(
        "ACCESS_TOKEN_SECRET",
        "your-production-access-token-secret",
        "still holds the placeholder your-production-",
        "openssl rand -base64 32"
    )]
    [InlineData("CSRF_SECRET", "short", "has 5 bytes, a secret needs 32", "openssl rand -base64 32")]
    [InlineData(
        "CSRF_SECRET",
        " ccccccccccccccccccccccccccccccccccc",
        "begins or ends with a blank",
        "remove the blank"
    )]
    [InlineData(
        "BACKUP_ENCRYPTION_KEY",
        null,
        "is missing, though BACKUP_ENCRYPTION_ENABLED is true",
        "openssl rand -base64 32"
    )]
    [InlineData(
        "SHADOW_DATABASE_URL",
        "postgresql://x:y@db.internal/shop?schema=shadow",
        "is the same database as DATABASE_URL",
        "name a database of its own"
    )]
    [InlineData("DATABASE_URL", null, "is not set", ".nuke/environments/staging.env")]
    public void Refuses_a_wrong_variable(string name, string? value, string problem, string remedy)
    {
        using var project = new ProjectFolder();

        var found = Assert.Single(project.Problems("staging", (name, value)));

        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, found.Remedy, StringComparison.Ordinal);
        if (name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("_URL", StringComparison.Ordinal))
        {
            Assert.Null(found.Value);
        }
    }

    [Fact]
    public void Refuses_secrets_that_are_the_same()
    {
        using var project = new ProjectFolder();

        var problem = Assert.Single(project.Problems("staging", ("CSRF_SECRET", new string('a', 44))));

        Assert.Equal("ACCESS_TOKEN_SECRET and CSRF_SECRET", problem.Name);
    }

    [Theory]
    [InlineData("connection_limit=20", "DB_POOL_MAX", "25")]
    [InlineData("pool_timeout=20", "DB_POOL_CONNECTION_TIMEOUT", "25")]
    [InlineData("connect_timeout=20", "DB_CONNECT_TIMEOUT", "25")]
    public void Shows_both_sides_of_a_conflict(string parameter, string name, string value)
    {
        using var project = new ProjectFolder();
        var url = ("DATABASE_URL", (string?)$"postgresql://app:x@db.internal/shop?{parameter}");

        var problem = Assert.Single(project.Problems("staging", url, (name, value)));

        Assert.Contains(
            $"{name} = 25: differs from DATABASE_URL ?{parameter}",
            problem.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal("20", project.Read("staging", url).Environment.Variables[name].Reveal());
        Assert.Equal("20", project.Read("staging", url, (name, "20")).Environment.Variables[name].Reveal());
    }

    [Fact]
    public void Names_the_environments_there_are()
    {
        using var project = new ProjectFolder();

        var error = Assert.Throws<SlipwayException>(() => project.Read("stagin"));

        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Equal("This project has no environment stagin; there are: staging", error.Message);
        Assert.Equal("did you mean: --env staging", error.Hint);
        Assert.Throws<SlipwayException>(() => project.Read("../environments/staging"));
    }

    [Fact]
    public void Points_at_the_line_that_is_not_JSON()
    {
        using var project = new ProjectFolder("{\n  \"store\": {},\n  \"store\" {}\n}");

        Assert.StartsWith(
            ".nuke/environments/staging.json:3: is not JSON",
            Assert.Single(project.Problems()).ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{ \"store\": {}, \"store\": {} }", "is not JSON: Duplicate")]
    public void Refuses_a_file_of_another_kind(string json, string problem)
    {
        using var project = new ProjectFolder(json);

        Assert.StartsWith(problem, Assert.Single(project.Problems()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Warns_when_backups_are_not_encrypted()
    {
        using var project = new ProjectFolder(environment: "prod");

        var warnings = project.Read("prod", ("BACKUP_ENCRYPTION_ENABLED", null)).Warnings;

        Assert.Equal(["BACKUP_ENCRYPTION_ENABLED"], warnings.Select(warning => warning.Name));
        Assert.Contains("UNENCRYPTED", warnings[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_everything_in_a_bucket_when_one_is_named()
    {
        using var project = new ProjectFolder(
            """
            { "store": { "bucket": "shop-backups", "endpoint": "https://s3.internal", "prefix": "slipway/", "lockDays": 30 },
              "migrations": { "folder": "migrations" }, "backup": { "weekly": 8 },
              "release": { "strategy": "command", "deploy": ["deploy.sh"] }, "health": { "url": "https://shop.internal" } }
            """,
            dotEnv: "AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=hush-hush"
        );

        var environment = project.Read().Environment;

        var bucket = environment.Store.Bucket!;
        Assert.Equal(
            ("shop-backups", "us-east-1", "slipway/", 30),
            (bucket.Name, bucket.Region, bucket.Prefix, bucket.LockDays)
        );
        Assert.True(bucket.PathStyle);
        Assert.Equal("hush-hush", bucket.SecretKey!.Reveal());
        Assert.Equal(8, environment.Backup.Weekly);
        Assert.DoesNotContain("AWS_SECRET_ACCESS_KEY", environment.Variables.Keys);
        Assert.DoesNotContain("BACKUP_ENCRYPTION_KEY", environment.Variables.Keys);
    }

    [Fact]
    public void Takes_the_bucket_of_the_checklists_variable()
    {
        using var project = new ProjectFolder(
            ProjectFolder.Minimal.Replace("\"folder\": \"store\"", "", StringComparison.Ordinal)
        );

        var store = project
            .Read("staging", ("BACKUP_S3_BUCKET", "shop-backups"), ("BACKUP_S3_REGION", "eu-central-1"))
            .Environment.Store;

        Assert.Equal(("shop-backups", "eu-central-1"), (store.Bucket!.Name, store.Bucket.Region));
    }

    [Theory]
    [InlineData("\"bucket\": \"b\", \"region\": \"eu\", \"folder\": \"x\"", "store.folder")]
    [InlineData("\"bucket\": \"b\"", "store.region")]
    [InlineData("\"folder\": \"x\", \"lockDays\": 5", "store.lockDays")]
    [InlineData("\"bucket\": \"b\", \"region\": \"eu\", \"endpoint\": \"s3.internal\"", "store.endpoint")]
    [InlineData("\"bucket\": \"b\", \"region\": \"eu\", \"prefix\": \"/x\"", "store.prefix")]
    public void Refuses_a_store_that_is_two_things_or_half_of_one(string store, string name)
    {
        using var project = new ProjectFolder(
            ProjectFolder.Minimal.Replace("\"folder\": \"store\"", store, StringComparison.Ordinal)
        );

        Assert.Equal([name], project.Problems().Select(problem => problem.Name));
    }

    [Fact]
    public void Warns_when_the_secret_file_is_open_to_others_or_tracked_by_git()
    {
        using var project = new ProjectFolder(dotEnv: "DB_POOL_MAX=5");
        var file = Path.Combine(project.Root, ".nuke", "environments", "staging.env");
        Assert.Empty(project.Read().Warnings);
        ProjectFolder.SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Git(project.Root, "init", "-q");
        Git(project.Root, "add", "-f", file);

        Assert.Equal(
            ["holds secrets and can be read by others", "holds secrets and is tracked by git"],
            project.Read().Warnings.Select(warning => warning.Problem)
        );
    }

    [Fact]
    public void Hands_over_every_secret_that_must_be_masked()
    {
        using var project = new ProjectFolder(
            ProjectFolder.Minimal[..^1] + """, "slack": {}, "passVariables": ["MAIL_FROM"] }""",
            dotEnv: "SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T/B/x\nMAIL_FROM=me"
        );

        var result = project.Read();

        var secrets = result.Secrets.Select(secret => secret.Reveal()).ToList();
        Assert.Contains("hunter2", secrets);
        Assert.Contains("https://hooks.slack.com/services/T/B/x", secrets);
        Assert.DoesNotContain("production", secrets);
        Assert.DoesNotContain("SLACK_WEBHOOK_URL", result.Environment.Variables.Keys);
        Assert.DoesNotContain(
            secrets,
            secret => SettingsTable.Text(result).Contains(secret, StringComparison.Ordinal) && secret is not "me"
        );
    }

    [Fact]
    public void Prints_what_is_in_force_and_where_it_came_from()
    {
        using var project = new ProjectFolder(environment: "prod", dotEnv: "DB_POOL_MAX=25");

        var text = SettingsTable.Text(project.Read("prod", ("BACKUP_RETENTION_DAYS", "14")));

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text);
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
