using System.Collections.Concurrent;
using Nuke.Common.Execution;
using Serilog;

namespace Nuke.Common.Output;

/// <summary>The process's output, with everything that goes through it masked.</summary>
internal sealed class BuildConsole : IDisposable
{
#pragma warning disable RS0030 // The engine is where the console is opened; everything else writes to what it made of it.
    private readonly TextWriter _raw = Console.Out;
    private readonly MaskingWriter _masked;
    private readonly bool _colour = !Console.IsOutputRedirected && BuildContext.Variable("NO_COLOR") is null or "";

    private BuildConsole(ConcurrentDictionary<string, byte> masks)
    {
        _masked = new(_raw, masks);
        Console.SetOut(_masked);
    }

    public static BuildConsole Open(ConcurrentDictionary<string, byte> masks) => new(masks);

    public BuildOutput Output(TextWriter log)
    {
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.Sink(new LineSink(_masked, log))
            .CreateLogger();
        return new(_masked, log, _colour, BuildContext.Variable("GITHUB_ACTIONS") is not null, NukeBuild.RootDirectory!)
        {
            RawGitHub = _raw.WriteLine,
        };
    }

    public void Error(string message)
    {
        _masked.Flush();
        Console.Error.WriteLine(_masked.Replace(message));
    }

    public void Dispose()
    {
        _masked.Flush();
        Console.SetOut(_raw);
        _masked.Dispose();
    }
#pragma warning restore RS0030
}
