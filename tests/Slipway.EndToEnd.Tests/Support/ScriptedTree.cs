namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A tree with build.sh and a dotnet of its own, which only writes down what it is asked to do.</summary>
public sealed class ScriptedTree : IDisposable
{
    // Building makes an assembly of nothing; running it prints each argument in brackets.
    private const string Dotnet = """
        #!/usr/bin/env bash
        case "$1" in
          --version) echo 10.0.401 ;;
          build)
            echo build >>"$(dirname "$0")/calls"
            while [ -f "$(dirname "$0")/slow" ]; do sleep 0.05; done
            if grep -q WRONG src/Slipway/Product.cs; then echo "Product.cs(1,1): error CS0001: wrong"; exit 1; fi
            for word in "$@"; do case "$word" in -p:OutDir=*) mkdir -p "${word#*=}"; touch "${word#*=}_build.dll" ;; esac; done ;;
          *) shift; printf '[%s]' "$@"; echo ;;
        esac
        """;

    private static readonly string[] Tools =
    [
        .. "bash env dirname find sort cksum sed head mkdir curl cat mv ln rm readlink touch grep sleep cp flock".Split(
            ' '
        ),
    ];

    private readonly string _home = Directory.CreateTempSubdirectory("slipway build ").FullName;

    public ScriptedTree()
    {
        foreach (var file in new[] { "build.sh", "global.json", "Directory.Build.props", "Directory.Packages.props" })
        {
            Directory.CreateDirectory(Root);
            File.Copy(Path.Combine(Path.GetDirectoryName(Project.BuildScript)!, file), Path.Combine(Root, file));
        }

        foreach (var folder in new[] { "build", "src/Slipway", "src/Slipway.Engine" })
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
        }

        Write("// one\n");
        InstallDotnet(Bin);
    }

    public string Root => Path.Combine(_home, "a tree");

    public string Source => Path.Combine(Root, "src", "Slipway", "Product.cs");

    public void Write(string source) => File.WriteAllText(Source, source);

    public string Read() => File.ReadAllText(Source);

    private string Bin => Path.Combine(_home, "tools");

    /// <summary>How often the build was built.</summary>
    public int Builds => File.Exists(Calls) ? File.ReadAllLines(Calls).Length : 0;

    private string Calls => Path.Combine(Bin, "calls");

    /// <summary>Holds every build until it is disposed.</summary>
    public IDisposable HoldBuilds() => new Held(Path.Combine(Bin, "slow"));

    public Run Start(params string[] arguments) => StartAs(Path.Combine(Root, "build.sh"), arguments);

    /// <summary>Starts it under another name.</summary>
    public Run StartAs(string script, params string[] arguments) =>
        new([script, .. arguments], "/", new Dictionary<string, string> { ["PATH"] = $"{Bin}:/usr/bin:/bin" });

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        using var run = Start(arguments);
        return await run.EndAsync();
    }

    /// <summary>Runs where no SDK is installed; the official install script is stood in for by another.</summary>
    public async Task<Outcome> RunWithoutSdkAsync(string? installScript)
    {
        var bare = Directory.CreateDirectory(Path.Combine(_home, "bare")).FullName;
        foreach (var tool in Tools)
        {
            File.CreateSymbolicLink(Path.Combine(bare, tool), Path.Combine("/usr/bin", tool));
        }

        var script = Path.Combine(_home, "install.sh");
        if (installScript is not null)
        {
            await File.WriteAllTextAsync(script, installScript, TestContext.Current.CancellationToken);
        }

        var variables = new Dictionary<string, string>
        {
            ["PATH"] = bare,
            ["SLIPWAY_DOTNET_INSTALL_URL"] = new Uri(script).AbsoluteUri,
            ["STANDIN"] = Path.Combine(Bin, "dotnet"),
        };
        using var run = new Run([Path.Combine(Root, "build.sh"), "Hello"], "/", variables);
        return await run.EndAsync();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static void InstallDotnet(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "dotnet");
        File.WriteAllText(path, Dotnet);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private sealed class Held : IDisposable
    {
        private readonly string _path;

        public Held(string path)
        {
            _path = path;
            File.WriteAllText(path, "");
        }

        public void Dispose() => File.Delete(_path);
    }
}
