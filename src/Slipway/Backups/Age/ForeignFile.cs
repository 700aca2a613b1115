using System.Text;

namespace Slipway.Backups.Age;

/// <summary>Tells what a file is that should be encrypted and is not.</summary>
internal static class ForeignFile
{
    private const string Family = "age-encryption.org/";

    public static void Refuse(ReadOnlySpan<byte> data)
    {
        var start = Encoding.Latin1.GetString(data[..Math.Min(data.Length, AgeHeader.FirstLine.Length)]);
        if (!start.StartsWith(AgeHeader.FirstLine, StringComparison.Ordinal))
        {
            var (what, hint) = Describe(start);
            throw new AgeException(AgeProblem.NotAge, $"This is no file that age v1 encrypted: {what}", hint);
        }
    }

    private static (string What, string Hint) Describe(string start) =>
        start switch
        {
            "" => ("it is empty", "take another copy or another backup"),
            _ when AgeHeader.FirstLine.StartsWith(start, StringComparison.Ordinal) => (
                $"it ends after {start.Length} bytes",
                "take another copy or another backup"
            ),
            _ when start.StartsWith(Family, StringComparison.Ordinal) => (
                "it is of another version of the format",
                "read it with a newer Slipway, or with the age tool: age --decrypt -i KEYFILE FILE"
            ),
            _ when start.StartsWith("-----BEGIN AGE", StringComparison.Ordinal) => (
                "it is in age's armor of plain text",
                "decrypt it with the age tool, which reads armor: age --decrypt -i KEYFILE FILE"
            ),
            _ when start.StartsWith("PGDMP", StringComparison.Ordinal) => (
                "it is a dump of PostgreSQL that nobody encrypted",
                "read it as it is: pg_restore --list FILE"
            ),
            _ when start.StartsWith("\u001f\u008b", StringComparison.Ordinal)
                    || start.StartsWith("\u0028\u00b5\u002f\u00fd", StringComparison.Ordinal) => (
                "it is compressed, and nobody encrypted it",
                "decompress it as it is: gzip -d or zstd -d"
            ),
            _ => ("it starts with other bytes", "see what it is: file FILE; then name the encrypted backup"),
        };
}
