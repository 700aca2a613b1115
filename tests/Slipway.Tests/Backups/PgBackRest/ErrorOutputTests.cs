using System.Globalization;
using System.Text;
using CsCheck;
using Slipway.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class ErrorOutputTests
{
    private static readonly PgBackRestSettings Settings = new()
    {
        Stanza = "app",
        DataFolder = "/data",
        Folder = "/pgbackrest",
        Repository = new FolderRepository("/repository"),
    };

    [Fact]
    public void Tells_every_error_with_what_to_do()
    {
        string[] outputs =
        [
            "ERROR: [082]: WAL segment 000000010000000000000006 was not archived before the 10000ms timeout\n       HINT: check the archive_command to ensure that all options are correct (especially --stanza).",
            "WARN: one\nERROR: [050]: unable to acquire lock on file '/lock/app-backup.lock': Resource temporarily unavailable\n       HINT: is another pgBackRest process running?",
            "ERROR: [028]: backup and archive info files exist but do not match the database\n       HINT: is this the correct stanza?\n       HINT: did an error occur during stanza-upgrade?",
            "ERROR: [029]: unable to load info file '/backup.info' or '/backup.info.copy':\n       FormatError: key/value found outside of section at line 1: \u0007\u001b[31m\uFFFD",
            "ERROR: [038]: unable to restore while PostgreSQL is running",
            "ERROR: [056]: unable to find primary cluster - cannot proceed",
            "ERROR: [064]: raised from local-1 protocol: unable to write '/repository/bundle/1'\n       [FileWriteError] on retry after 15000ms\n2026-11-25 10:55:43.620 P00   INFO: backup command end",
            "ERROR: [041]: unable to open file '/repository/archive.info' for read: [13] Permission denied",
            "ERROR: [103]: unable to find a valid repository:",
            "ERROR: [122]: something new",
            "Segmentation fault",
        ];
        var text = new StringBuilder();
        foreach (var output in outputs)
        {
            var error = ErrorOutput.Parse(1, output);
            text.Append(
                CultureInfo.InvariantCulture,
                $"[{error.Code:000}] {error.Detail}\n  HINT: {ErrorHints.For(error, Settings)}\n"
            );
        }

        Approval.Match(text.ToString());
    }

    [Fact]
    public void Reads_any_output_into_one_printable_line() =>
        Gen.Select(Gen.Int[1, 255], Gen.String, Gen.String)
            .Sample(
                (code, before, after) =>
                {
                    var error = ErrorOutput.Parse(code, $"{before}\nERROR: [050]: {after}");

                    Assert.DoesNotContain(error.Detail, letter => char.IsControl(letter));
                }
            );
}
