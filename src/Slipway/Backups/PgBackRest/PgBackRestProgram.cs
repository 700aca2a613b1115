using System.Collections;
using System.Text.RegularExpressions;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Runs pgBackRest with our configuration and nobody else's.</summary>
internal sealed partial class PgBackRestProgram(PgBackRestSettings settings, IProcessRunner processes)
{
    private const string Manual = "install it, on Debian: sudo apt-get install pgbackrest";
    private readonly ServerFolder _files = new(processes);
    private bool _isPrepared;

    /// <summary>Absolute path of the program.</summary>
    /// <exception cref="SlipwayException">It is not installed.</exception>
    public static string Find(string program) =>
        (Path.IsPathRooted(program) && File.Exists(program) ? program : SearchPath.Find(program))
        ?? throw new SlipwayException("pgBackRest is not installed", Manual, ExitCode.Refused);

    /// <summary>The installed version.</summary>
    public async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        var command = Command.Of(Find(settings.Program), "version") with { Timeout = settings.ShortTimeout };
        var result = await processes.RunAsync(command, null, cancellationToken);
        return Version.TryParse(VersionPattern().Match(result.Output).Value, out var version)
            ? version
            : throw new CommandFailedException(command, result, $"printed no version: {result.Output}", Manual);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="operation">pgBackRest's command.</param>
    /// <param name="options">Its options and arguments.</param>
    /// <param name="line">Gets every line.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="PgBackRestException">It failed.</exception>
    public async Task<CommandResult> RunAsync(
        string operation,
        IReadOnlyList<string> options,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        await PrepareAsync(cancellationToken);
        var command = CommandFor(operation, options);
        var result = await processes.RunAsync(command, line, cancellationToken);
        return result.ExitCode == 0 ? result : throw Failure(operation, result);
    }

    /// <summary>An error with pgBackRest's words and what to do.</summary>
    public PgBackRestException Fail(string operation, ErrorOutput error)
    {
        const int Locked = 50;
        const int Stopped = 62;
        var holder = error.Code is Locked ? LockHolder.Of(settings) : null;
        return new(
            operation,
            settings.Stanza,
            error.Code,
            holder is null ? error.Detail : $"{error.Detail}; {holder} holds it",
            ErrorHints.For(error, settings),
            error.Code is Locked or Stopped ? ExitCode.Refused : ExitCode.Failed
        );
    }

    /// <summary>Writes the configuration and makes the folders that it names.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared)
        {
            return;
        }

        var text = ConfigurationText.Of(settings, await VersionAsync(cancellationToken));
        foreach (var folder in new[] { settings.Folder, settings.LockFolder, settings.LogFolder, settings.SpoolFolder })
        {
            await _files.CreateAsync(folder, cancellationToken);
        }

        if (settings.Repository is FolderRepository repository)
        {
            RefuseLost(repository);
            await _files.CreateAsync(repository.Path, cancellationToken);
        }

        await TryAsync(text, cancellationToken);
        await _files.WriteAsync(settings.ConfigurationFile, text, cancellationToken);
        _isPrepared = true;
    }

    // Where a disk is not mounted, a new and empty repository would be made on the disk below.
    private void RefuseLost(FolderRepository repository)
    {
        if (!Directory.Exists(repository.Path) && File.Exists(settings.ConfigurationFile))
        {
            throw new SlipwayException(
                $"The repository's folder {repository.Path} is not there, though it was when {settings.ConfigurationFile} was written",
                $"mount its disk or mend the network; to begin a new repository on purpose: rm {settings.ConfigurationFile}",
                ExitCode.Refused
            );
        }
    }

    // The server archives by the file that is in force: one that cannot read the repository must not take its place.
    private async Task TryAsync(string text, CancellationToken cancellationToken)
    {
        if (
            !File.Exists(settings.ConfigurationFile)
            || await File.ReadAllTextAsync(settings.ConfigurationFile, cancellationToken) == text
        )
        {
            return;
        }

        var draft = $"{settings.ConfigurationFile}.try";
        try
        {
            await _files.WriteAsync(draft, text, cancellationToken);
            var command = CommandFor("info", ["--output=json"], draft);
            var result = await processes.RunAsync(command, null, cancellationToken);
            if (result.ExitCode != 0)
            {
                throw Failure("info", result);
            }

            InfoReader.Read(settings, result.Output);
        }
        catch (PgBackRestException exception)
        {
            throw new PgBackRestException(
                "info",
                settings.Stanza,
                exception.Code,
                $"{exception.Detail}; the settings differ from those in force in {settings.ConfigurationFile}, which was left as it was",
                exception.Hint
            );
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private Command CommandFor(string operation, IReadOnlyList<string> options, string? configuration = null)
    {
        var isLong = operation is "backup" or "restore" or "verify";
        string[] words =
        [
            .. ServerFolder.Prefix,
            Find(settings.Program),
            $"--config={configuration ?? settings.ConfigurationFile}",
            $"--stanza={settings.Stanza}",
            operation,
            .. options,
        ];
        return new(words[0], words[1..])
        {
            Folder = "/",
            Without = ForeignVariables(),
            Variables = settings.Password is null
                ? new Dictionary<string, Secret>()
                : new Dictionary<string, Secret> { ["PGPASSWORD"] = settings.Password },
            Timeout = isLong ? settings.LongTimeout : settings.ShortTimeout,
            Grace = settings.Grace,
        };
    }

    private PgBackRestException Failure(string operation, CommandResult result) =>
        Fail(operation, ErrorOutput.Parse(result.ExitCode, result.Error.Length > 0 ? result.Error : result.Output));

    // A person's own PGBACKREST_REPO1_PATH or PGHOST would lead it to another repository or server.
    private static List<string> ForeignVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(pair => (string)pair.Key)
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal))
            .ToList();

    [GeneratedRegex(@"\d+\.\d+(?:\.\d+)?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VersionPattern();
}
