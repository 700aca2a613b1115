using Slipway.Settings;

namespace Slipway.Tests.Settings;

/// <summary>A throw-away project with one environment.</summary>
internal sealed class ProjectFolder : IDisposable
{
    public const string Minimal = """
        { "store": { "folder": "store" }, "migrations": { "folder": "migrations" },
          "release": { "strategy": "command", "deploy": ["deploy.sh"] },
          "health": { "url": "https://shop.internal" } }
        """;

    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["DATABASE_URL"] = "postgresql://app:hunter2@db.internal/shop",
        ["ACCESS_TOKEN_SECRET"] = new('a', 44),
        ["REFRESH_TOKEN_SECRET"] = new('b', 44),
        ["CSRF_SECRET"] = new('c', 44),
        ["BACKUP_ENCRYPTION_ENABLED"] = "true",
        ["BACKUP_ENCRYPTION_KEY"] = new('k', 44),
    };

    public string Root { get; } = Directory.CreateTempSubdirectory("slipway-settings-").FullName;

    public ProjectFolder(string json = Minimal, string environment = "staging", string? dotEnv = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, ".nuke", "environments")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{environment}.json"), json);
        if (dotEnv is not null)
        {
            var path = Path.Combine(folder, $"{environment}.env");
            File.WriteAllText(path, dotEnv);
            SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public SettingsResult Read(string environment = "staging", params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string>(Variables);
        foreach (var (name, value) in changes)
        {
            variables.Remove(name);
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        return SettingsReader.Read(Root, environment, variables, new Dictionary<string, string>());
    }

    public IReadOnlyList<SettingsProblem> Problems(
        string environment = "staging",
        params (string Name, string? Value)[] changes
    ) => Assert.Throws<SettingsException>(() => Read(environment, changes)).Problems;

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
