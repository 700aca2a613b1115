using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Slipway.Deploys;
using Slipway.Environments;
using Slipway.Health;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Storage;

/// <summary>Where the product's parts are put together.</summary>
static class Composition
{
    public static RunOutput Output { get; } =
        new(Console.Out, interactive: !Console.IsOutputRedirected, TimeProvider.System);

    public static ProcessRunner Processes { get; } = new(TimeProvider.System);

    public static IReadOnlyDictionary<string, string> Variables { get; } =
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value ?? "", StringComparer.Ordinal);

    // Longer than the longest bound of a step: a commit has a minute, and half a minute more when its connection broke.
    // Until then a step that was interrupted is not over, and nothing may be decided about it.
    public static void LetStepsEnd() => AppContext.SetData("Slipway.StopGrace", TimeSpan.FromMinutes(2));

    public static DeployChain Chain(
        string root,
        string environment,
        bool dryRun,
        DeployIntent intent,
        IReadOnlyList<string> asked,
        string reason
    ) =>
        new(
            new DeployOptions
            {
                Root = root,
                Environment = environment,
                DryRun = dryRun,
                Intent = intent,
                Asked = asked,
                Reason = reason,
                Variables = Variables,
                Output = Output,
                Input = Console.In,
                CanAsk = !Console.IsInputRedirected,
                OpenStore = settings => new FileStore(settings.Store.Folder),
                Proxy = Proxy(),
                Mask = Mask,
            },
            Processes,
            DirectHttp.CreateHandler()
        );

    public static LocalEnvironment Local(string root) => new(root, Processes, Output);

    // Built beside this program (see _build.csproj).
    static IReadOnlyList<string> Proxy() =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "proxy", "Slipway.Proxy.dll")];

    // The engine masks everything that is printed; under one that does not, our own output holds no secrets either.
    static void Mask(string secret)
    {
        if (AppContext.GetData("Slipway.Masks") is ConcurrentDictionary<string, byte> masks && secret.Length >= 4)
        {
            masks.TryAdd(secret, 0);
            masks.TryAdd(Uri.EscapeDataString(secret), 0);
        }
    }
}
