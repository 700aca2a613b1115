using System.Text;

namespace Slipway.Postgres;

/// <summary>Quotes names and texts for statements that take no parameters.</summary>
internal static class Sql
{
    // PostgreSQL cuts off a name at 63 bytes; half of them are for what is put behind it.
    private const int LongestBeginning = 31;

    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string TextOrNull(string? text) => text is null ? "NULL" : Text(text);

    /// <summary>A name for another database beside one, short enough for the server.</summary>
    /// <param name="database">The name it begins with.</param>
    /// <param name="ending">Letters that follow, at most 32.</param>
    public static string Beside(string database, string ending)
    {
        var length = database.Length;
        while (Encoding.UTF8.GetByteCount(database.AsSpan(0, length)) > LongestBeginning)
        {
            length -= char.IsLowSurrogate(database[length - 1]) ? 2 : 1;
        }

        return $"{database[..length]}{ending}";
    }
}
