using System.Globalization;
using System.Text.Json;

namespace Slipway.Settings;

/// <summary>Reads the settings of an environment, once, and reports everything that is wrong with them at once.</summary>
public static class SettingsReader
{
    private const string Folder = ".nuke/environments";
    private const string Schema = "environment.schema";

    /// <summary>Names of the environments that a project has, in order.</summary>
    /// <param name="root">Folder of the project.</param>
    public static IReadOnlyList<string> Environments(string root)
    {
        var folder = Path.Combine(root, Folder);
        return !Directory.Exists(folder)
            ? []
            : Directory
                .EnumerateFiles(folder, "*.json")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Where(name => name is not Schema)
                .Order(StringComparer.Ordinal)
                .ToList();
    }

    /// <summary>Tells whether an environment asks Slipway to provide server, store and proxy, before all of it can be read.</summary>
    /// <exception cref="SettingsException">There is no such environment, or its file is not JSON.</exception>
    public static bool IsProvisionedLocally(string root, string environment)
    {
        using var document = Open(root, environment);
        return document.RootElement.ValueKind is JsonValueKind.Object
            && document.RootElement.TryGetProperty("provision", out var provision)
            && provision.ValueKind is JsonValueKind.String
            && provision.ValueEquals("local");
    }

    /// <summary>The folder of an environment's releases, before all of it can be read; the default one when it names none.</summary>
    /// <exception cref="SettingsException">There is no such environment, or its file is not JSON.</exception>
    public static string ReleaseFolder(string root, string environment)
    {
        using var document = Open(root, environment);
        var folder =
            document.RootElement.ValueKind is JsonValueKind.Object
            && document.RootElement.TryGetProperty("release", out var release)
            && release.ValueKind is JsonValueKind.Object
            && release.TryGetProperty("folder", out var named)
            && named.ValueKind is JsonValueKind.String
                ? named.GetString()!
                : EnvironmentFile.DefaultReleaseFolder(environment);
        return Path.GetFullPath(folder, Path.GetFullPath(root));
    }

    /// <summary>Reads an environment's file, its git-ignored variables beside it and the variables of the process.</summary>
    /// <param name="root">Folder of the project.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="processVariables">The variables of this process; they win, and only known names are looked at.</param>
    /// <param name="provided">Values that Slipway provides itself; anything else but a default wins over them.</param>
    /// <exception cref="SettingsException">Something is wrong; it holds every problem.</exception>
    public static SettingsResult Read(
        string root,
        string environment,
        IReadOnlyDictionary<string, string> processVariables,
        IReadOnlyDictionary<string, string> provided
    )
    {
        var problems = new ProblemList();
        using var document = Open(root, environment);
        var origins = new List<SettingOrigin>();
        var file = new EnvironmentFile(
            environment,
            Path.GetFullPath(root),
            Outermost(document, environment, problems, origins)
        );
        var webhookVariable = file.WebhookVariable();
        var sources = new VariableSources
        {
            Process = processVariables,
            DotEnvName = $"{environment}.env",
            DotEnv = DotEnvFile.Read(root, environment, problems),
            FileName = $"{environment}.json",
            File = file.Variables(),
            Provided = provided,
        };
        var variables = sources.Collect(file.PassVariables, webhookVariable, problems);
        var webhook = sources.Webhook(webhookVariable, problems);
        var reader = new VariableReader(environment, variables, problems);
        var result = Build(root, environment, file, reader, variables, webhook);
        file.Close();
        return problems.Errors.Count > 0
            ? throw new SettingsException(environment, problems.Errors)
            : result with
            {
                Origins =
                [
                    .. origins,
                    .. variables.All.Select(item => Origin(item, variables, result.Environment.Database)),
                ],
                Warnings = problems.Warnings,
            };
    }

    private static JsonSection Outermost(
        JsonDocument document,
        string environment,
        ProblemList problems,
        List<SettingOrigin> origins
    )
    {
        var name = $"{Folder}/{environment}.json";
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new("", document.RootElement, name, problems, origins)
            : throw Failed(environment, name, "is no JSON object", "begin it with { and end it with }");
    }

    private static SettingsResult Build(
        string root,
        string environment,
        EnvironmentFile file,
        VariableReader reader,
        VariableSet variables,
        Secret? webhook
    )
    {
        var database = reader.Database(file.Pins());
        reader.CheckSecurity();
        var release = file.Release();
        var pool = reader.Pool();
        var backup = file.Backup(reader.Backup(), database.Url.Port);
        var store = reader.WithCredentials(file.Store(backup));
        var settings = new DeploymentEnvironment
        {
            Name = environment,
            Root = Path.GetFullPath(root),
            ProvisionedLocally = file.ProvisionedLocally,
            Database = database with { Url = WithPool(database.Url, pool) },
            Store = store,
            Migrations = file.Migrations(),
            Test = file.Test(),
            Release = release,
            Health = file.Health(release.Strategy),
            Verify = file.Verify(),
            Backup = reader.WithRepository(backup, store),
            Monitoring = reader.Monitoring(),
            Pool = pool,
            SoftDelete = reader.SoftDelete(),
            ApprovalRequired = file.ApprovalRequired(),
            SlackWebhook = webhook,
            Variables = variables
                .All.Where(item => file.PassVariables.Contains(item.Name) || !VariableNames.IsOfDeploysOnly(item.Name))
                .ToDictionary(item => item.Name, item => new Secret(item.Variable.Value), StringComparer.Ordinal),
        };
        return new(settings, []) { Secrets = Secrets(settings, variables) };
    }

    private static JsonDocument Open(string root, string environment)
    {
        var names = Environments(root);
        if (!names.Contains(environment, StringComparer.Ordinal))
        {
            var known = names.Count == 0 ? $"there is none in {Folder}" : $"there are: {string.Join(", ", names)}";
            var nearest = NearestName.Of(environment, names);
            throw new SlipwayException(
                $"This project has no environment {environment}; {known}",
                nearest is null
                    ? $"name one of them, or write {Folder}/{environment}.json (a copy of staging.json is a start)"
                    : $"did you mean: --env {nearest}",
                ExitCode.BadInput
            );
        }

        var path = Path.Combine(root, Folder, $"{environment}.json");
        try
        {
            return JsonDocument.Parse(
                File.ReadAllText(path),
                new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    AllowDuplicateProperties = false,
                }
            );
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? $":{number + 1}" : "";
            throw Failed(
                environment,
                $"{Folder}/{environment}.json{line}",
                $"is not JSON: {exception.Message.Split(" LineNumber")[0]}",
                "mend that line"
            );
        }
    }

    private static SettingsException Failed(string environment, string name, string problem, string remedy) =>
        new(environment, [new(name, null, problem, remedy)]);

    private static DatabaseUrl WithPool(DatabaseUrl url, PoolSettings pool) =>
        url with
        {
            ConnectionLimit = pool.Max,
            PoolTimeout = pool.WaitTimeout,
            ConnectTimeout = pool.ConnectTimeout,
        };

    private static List<Secret> Secrets(DeploymentEnvironment environment, VariableSet variables) =>
        variables
            .All.Where(item =>
                // Masking a short value that only might be secret would blacken half of the output.
                VariableNames.IsSecret(item.Name) || (variables.IsPrivate(item.Name) && item.Variable.Value.Length >= 8)
            )
            .Select(item => (Secret?)new Secret(item.Variable.Value))
            .Concat([
                environment.Database.Url.Password,
                environment.Database.Shadow?.Password,
                environment.SlackWebhook,
            ])
            .OfType<Secret>()
            .Where(secret => secret.Reveal().Length > 0)
            .Distinct()
            .ToList();

    private static SettingOrigin Origin(
        (string Name, SourcedVariable Variable) item,
        VariableSet variables,
        DatabaseSettings database
    )
    {
        var value = item.Name switch
        {
            VariableNames.Database => Shown(database.Url),
            VariableNames.Shadow when database.Shadow is { } shadow => Shown(shadow),
            _ when variables.IsPrivate(item.Name) => string.Create(
                CultureInfo.InvariantCulture,
                $"{new Secret("")} {item.Variable.Value.Length} characters"
            ),
            _ => item.Variable.Value,
        };
        return new(SettingKind.Variable, item.Name, value, item.Variable.Origin);
    }

    private static string Shown(DatabaseUrl url) =>
        url.Password is null
            ? $"{url}"
            : $"{url}".Replace($"{url.User}@", $"{url.User}:{url.Password}@", StringComparison.Ordinal);
}
