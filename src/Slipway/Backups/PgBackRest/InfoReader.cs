using System.Text.Json;
using NpgsqlTypes;

namespace Slipway.Backups.PgBackRest;

/// <summary>Understands what pgBackRest says about a repository.</summary>
internal static class InfoReader
{
    // See src/command/info/info.c of pgBackRest.
    private const int Ok = 0;
    private const int MissingStanza = 1;
    private const int NoBackup = 2;
    private const int MissingData = 3;

    private static readonly (long First, long Last) Times = (0, 253_402_300_799);

    /// <summary>Reads the JSON of one stanza.</summary>
    /// <param name="settings">Which stanza was asked for.</param>
    /// <param name="json">The answer.</param>
    /// <exception cref="PgBackRestException">It is not understood, or tells of an error.</exception>
    public static PgBackRestInfo Read(PgBackRestSettings settings, string json)
    {
        var document = Parse(settings, json);
        var status = document.Status ?? throw Odd(settings, "has no status");
        if (status.Code is not (Ok or MissingStanza or NoBackup or MissingData))
        {
            // "other" says nothing; the repository's own status does. pgBackRest calls this a success.
            var own = document.Repo is [{ Status.Message: { } message }, ..] ? message : status.Message ?? "";
            throw Failure(settings, own);
        }

        var backups = (document.Backup ?? []).Select(part => Read(settings, document, part)).ToList();
        return new(
            status.Message ?? "",
            status.Code is Ok or NoBackup,
            document.Cipher is not (null or "none"),
            status.Lock?.Backup?.Held ?? false,
            [.. backups.OrderBy(backup => backup.Stopped).ThenBy(backup => backup.Label, StringComparer.Ordinal)],
            WalSegment.Parse(document.Archive is [.., { Max: { } newest }] ? newest : null)
        );
    }

    private static InfoDocument Parse(PgBackRestSettings settings, string json)
    {
        try
        {
            var documents = JsonSerializer.Deserialize(json, InfoJson.Default.InfoDocumentArray) ?? [];
            return documents.FirstOrDefault(document => document?.Name == settings.Stanza)
                ?? throw Odd(settings, "does not speak of this stanza");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // With a wrong passphrase it quotes what it decrypted, and that need not be text.
            var start = json.IndexOf("\"message\":\"[", StringComparison.Ordinal);
            if (start >= 0)
            {
                throw Failure(settings, json[(start + "\"message\":\"".Length)..].Split("\\n")[0].TrimEnd(':'));
            }

            throw Odd(settings, $"is not understood: {exception.Message}");
        }
    }

    private static PgBackRestBackup Read(
        PgBackRestSettings settings,
        InfoDocument document,
        InfoDocument.BackupPart? part
    )
    {
        var label = part?.Label ?? throw Odd(settings, "has a backup without a label");
        return new(
            label,
            part.Type switch
            {
                "full" => BackupType.Full,
                "diff" => BackupType.Differential,
                "incr" => BackupType.Incremental,
                _ => throw Odd(settings, $"has backup {label} of unknown type '{part.Type}'"),
            },
            Time(part.Timestamp?.Start),
            Time(part.Timestamp?.Stop),
            Lsn(part.Lsn?.Start),
            Lsn(part.Lsn?.Stop),
            WalSegment.Parse(part.Archive?.Start) ?? throw Lacks("first segment"),
            WalSegment.Parse(part.Archive?.Stop) ?? throw Lacks("last segment"),
            part.Info?.Size ?? throw Lacks("size"),
            part.Info.Delta,
            part.Info.Repository?.Size ?? part.Info.Repository?.Delta ?? throw Lacks("size in the repository"),
            part.Info.Repository.Delta,
            part.Error ?? throw Lacks("error flag"),
            part.Prior,
            $"{Db()?.Version ?? throw Lacks("server version")}-{part.Database!.Id}"
        );

        InfoDocument.DbPart? Db() => document.Db?.FirstOrDefault(db => db is not null && db.Id == part.Database?.Id);

        DateTimeOffset Time(long? seconds) =>
            seconds is { } value && value >= Times.First && value <= Times.Last
                ? DateTimeOffset.FromUnixTimeSeconds(value)
                : throw Lacks("time");

        NpgsqlLogSequenceNumber Lsn(string? text) =>
            text is not null && NpgsqlLogSequenceNumber.TryParse(text, out var lsn) ? lsn : throw Lacks("log position");

        PgBackRestException Lacks(string what) => Odd(settings, $"has backup {label} without its {what}");
    }

    private static PgBackRestException Failure(PgBackRestSettings settings, string message)
    {
        var error = ErrorOutput.ParseMessage(CodeOf(message), message);
        return new("info", settings.Stanza, error.Code, error.Detail, ErrorHints.For(error, settings));
    }

    // It names its errors there, and gives no numbers.
    private static int CodeOf(string message) =>
        message.Split(']')[0].TrimStart('[') switch
        {
            "FormatError" => 29,
            "CryptoError" => 95,
            "FileOpenError" => 41,
            "FileMissingError" => 55,
            "PathOpenError" => 53,
            "ChecksumError" => 26,
            _ => 103,
        };

    private static PgBackRestException Odd(PgBackRestSettings settings, string what) =>
        new(
            "info",
            settings.Stanza,
            0,
            $"its answer {what}",
            "see whether this version of pgBackRest is one that Slipway knows; until then treat the repository as unusable"
        );
}
