using System.Net;

namespace Slipway.Settings;

/// <summary>Reads the sections of an environment file.</summary>
/// <param name="environment">Name of the environment.</param>
/// <param name="root">Folder that relative paths start at.</param>
/// <param name="file">The file's outermost object.</param>
internal sealed class EnvironmentFile(string environment, string root, JsonSection file)
{
    private const string DefaultWebhook = "SLACK_WEBHOOK_URL";

    /// <summary>True when Slipway provides server, store and proxy by itself.</summary>
    public bool ProvisionedLocally { get; } = file.Choice("provision", null, "local") is "local";

    /// <summary>Where strategy process keeps releases unless the file says otherwise.</summary>
    public static string DefaultReleaseFolder(string environment) => $".nuke/temp/{environment}/app";

    public (string? SystemIdentifier, string? Address) Pins()
    {
        var database = file.Section("database");
        var identifier = database.Text("systemIdentifier");
        if (identifier is not null && !(identifier.Length is > 10 and < 21 && identifier.All(char.IsAsciiDigit)))
        {
            database.Bad(
                "systemIdentifier",
                identifier,
                "is no system identifier",
                "take it from: SELECT system_identifier FROM pg_control_system()"
            );
        }

        var address = database.Text("address");
        if (
            address is not null
            && !(address.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(address, out _))
        )
        {
            database.Bad(
                "address",
                address,
                "is no address and port, such as 10.0.0.5:5432",
                "take it from: SELECT host(inet_server_addr()) || ':' || inet_server_port()"
            );
        }

        return (identifier, address);
    }

    public StoreSettings Store(BackupSettings backup)
    {
        var store = file.Section("store");
        if (new BucketSection(store).Read(backup) is { } bucket)
        {
            return new("", bucket);
        }

        return new(
            Folder(
                store,
                "folder",
                ProvisionedLocally ? $".nuke/temp/{environment}/store" : null,
                "a folder outside the database server's disk, or a bucket"
            )
        );
    }

    /// <summary>Adds what the file says to what the variables say.</summary>
    /// <param name="variables">What they say.</param>
    /// <param name="port">Port of the database's address.</param>
    public BackupSettings Backup(BackupSettings variables, int port)
    {
        var backup = file.Section("backup");
        return variables with
        {
            CompressionLevel = backup.Integer("compressionLevel", 1, 1, 19),
            Jobs = backup.Integer("jobs", 1, 1, 16),
            LockTimeout = backup.Span("lockTimeout", TimeSpan.FromSeconds(30)),
            Daily = backup.Integer("daily", 7, 0, 3650),
            Weekly = backup.Integer("weekly", 4, 0, 520),
            Monthly = backup.Integer("monthly", 6, 0, 120),
            Yearly = backup.Integer("yearly", 0, 0, 100),
            Server = new PgBackRestSection(environment, backup.Section("pgBackRest")).Read(port),
        };
    }

    public MigrationSettings Migrations()
    {
        var migrations = file.Section("migrations");
        var format = migrations.Choice("format", null, [.. MigrationSettings.Formats]);
        var order = migrations.Choice("outOfOrder", null, "apply", "refuse");
        return new(
            Folder(migrations, "folder", null, "the folder with the migrations, such as prisma/migrations"),
            migrations.Span("lockTimeout", TimeSpan.FromMilliseconds(500)),
            migrations.Span("statementTimeout", TimeSpan.FromMinutes(15)),
            migrations.Span("queueTimeout", TimeSpan.FromSeconds(30))
        )
        {
            Format = format,
            Table = migrations.Text("table"),
            AppliesOutOfOrder = order is null ? null : order is "apply",
            Rehearsal = Rehearsal(migrations.Section("rehearsal")),
            Commands = MigrationCommands(migrations, format),
        };
    }

    private static RehearsalSettings Rehearsal(JsonSection rehearsal)
    {
        var usual = RehearsalSettings.Default.Budget;
        var mode = rehearsal.Choice("mode", "warn", "off", "warn", "block");
        return new(
            mode switch
            {
                "off" => RehearsalMode.Off,
                "block" => RehearsalMode.Block,
                _ => RehearsalMode.Warn,
            },
            new(
                rehearsal.Integer("rows", (int)usual.Rows, 1, int.MaxValue),
                rehearsal.Span("locked", usual.Everything),
                rehearsal.Span("writesLocked", usual.Writes)
            )
        );
    }

    private static MigrationCommands? MigrationCommands(JsonSection migrations, string? format)
    {
        var commands = new MigrationCommands
        {
            Status = migrations.Command("status"),
            Deploy = migrations.Command("deploy"),
            Rollback = migrations.Command("rollback"),
            Timeout = migrations.Span("timeout", TimeSpan.FromMinutes(15)),
        };
        if (format is "command")
        {
            if (!migrations.Has("deploy"))
            {
                migrations.Bad(
                    "deploy",
                    null,
                    "is missing, and format command needs it",
                    "write the command as a list: \"deploy\": [\"npm\", \"run\", \"db:migrate:deploy\"]"
                );
            }

            return commands;
        }

        string[] names = ["status", "deploy", "rollback", "timeout"];
        foreach (var name in names.Where(migrations.Has))
        {
            migrations.Bad(
                name,
                null,
                "means something with format command alone",
                "remove it, or set format to command"
            );
        }

        return null;
    }

    public TestSettings Test()
    {
        var test = file.Section("test");
        return new(test.Command("command"), test.Span("timeout", TimeSpan.FromMinutes(20)));
    }

    public ReleaseSettings Release()
    {
        var release = file.Section("release");
        var strategy = release.Choice("strategy", null, "process", "command");
        var settings = new ReleaseSettings
        {
            Strategy = strategy is "process" ? ReleaseStrategy.Process : ReleaseStrategy.Command,
            Build = release.Command("build"),
            Start = release.Command("start"),
            Folder =
                Absolute(release.Text("folder", strategy is "process" ? DefaultReleaseFolder(environment) : null))
                ?? "",
            Port = release.Integer("port", 0, 0, 65535),
            DrainTimeout = release.Span("drainTimeout", TimeSpan.FromSeconds(30)),
            Keep = release.Integer("keep", 5, 1, 1000),
            Deploy = release.Command("deploy"),
            Rollback = release.Command("rollback"),
            Timeout = release.Span("timeout", TimeSpan.FromMinutes(15)),
        };
        CheckStrategy(release, strategy);
        return settings;
    }

    public HealthSettings Health(ReleaseStrategy strategy)
    {
        var health = file.Section("health");
        var text = health.Text("url");
        var url =
            Uri.TryCreate(text, UriKind.Absolute, out var found) && found.Scheme is "http" or "https" ? found : null;
        if (text is not null && (url is null || url.UserInfo.Length > 0))
        {
            health.Bad(
                "url",
                null,
                "is no address of a web application",
                "write https://HOST, without user and password"
            );
        }
        else if (text is null && strategy is ReleaseStrategy.Command)
        {
            health.Bad("url", null, "is missing", "write the application's address, such as https://HOST");
        }

        return new(
            url,
            RequestPath(health, "path", "/health"),
            RequestPath(health, "databasePath", "/health/db"),
            health.Raw("versionProperty", "version"),
            health.Span("timeout", TimeSpan.FromSeconds(60)),
            health.Span("interval", TimeSpan.FromMilliseconds(250)),
            health.Span("requestTimeout", TimeSpan.FromSeconds(5))
        );
    }

    public VerifySettings Verify()
    {
        var verify = file.Section("verify");
        return new(
            Absolute(verify.Text("requests")),
            Absolute(verify.Text("log")),
            verify.Words("logErrors", "\"level\":\"error\"")
        );
    }

    /// <summary>True when a person has to confirm the plan; in an environment called prod… unless the file says otherwise.</summary>
    public bool ApprovalRequired() =>
        file.Choice("approval", IsProduction(environment) ? "confirm" : "none", "none", "confirm") is "confirm";

    /// <summary>Name of the variable with the Slack webhook; null when Slack is not told.</summary>
    public string? WebhookVariable()
    {
        var slack = file.Section("slack");
        var variable = slack.Text("webhookVariable", slack.Exists ? DefaultWebhook : null);
        return slack.Exists ? variable : null;
    }

    public IReadOnlyDictionary<string, string> Variables()
    {
        var variables = file.Map("variables");
        foreach (var name in variables.Keys.Where(VariableNames.IsSecret))
        {
            file.Bad(
                $"variables.{name}",
                null,
                "is a secret, and this file is not",
                $"move it to .nuke/environments/{environment}.env or to the process environment"
            );
        }

        return variables
            .Where(pair => !VariableNames.IsSecret(pair.Key))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> PassVariables { get; } = file.Words("passVariables");

    /// <summary>Reports what the file holds beside the known properties.</summary>
    public void Close()
    {
        file.Ignore("$schema");
        file.Close();
    }

    /// <summary>True for environments whose name begins with prod.</summary>
    public static bool IsProduction(string environment) =>
        environment.StartsWith("prod", StringComparison.OrdinalIgnoreCase);

    private static void CheckStrategy(JsonSection release, string? strategy)
    {
        if (strategy is null)
        {
            release.Bad(
                "strategy",
                null,
                "is missing",
                "write process (Slipway starts the release) or command (your own commands do)"
            );
            return;
        }

        if (strategy is not ("process" or "command"))
        {
            return;
        }

        string[] process = ["build", "start", "folder", "port", "drainTimeout"];
        string[] command = ["deploy", "rollback"];
        var (needed, others) = strategy is "process" ? ("start", command) : ("deploy", process);
        foreach (var name in others.Where(release.Has))
        {
            release.Bad(name, null, $"means nothing with strategy {strategy}", "remove it, or change the strategy");
        }

        if (!release.Has(needed))
        {
            release.Bad(
                needed,
                null,
                $"is missing, and strategy {strategy} needs it",
                $"write the command as a list: \"{needed}\": [\"program\", \"argument\"]"
            );
        }
    }

    private static string RequestPath(JsonSection section, string name, string fallback)
    {
        var path = section.Text(name, fallback) ?? fallback;
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal))
        {
            section.Bad(name, path, "does not begin with one /", "write the path alone, such as /health");
        }

        return path;
    }

    private string Folder(JsonSection section, string name, string? fallback, string what)
    {
        var folder = section.Text(name, fallback);
        if (folder is null && !section.Has(name))
        {
            section.Bad(name, null, "is missing", $"name {what}");
        }

        return Absolute(folder) ?? root;
    }

    private string? Absolute(string? path) => path is null ? null : Path.GetFullPath(path, root);
}
