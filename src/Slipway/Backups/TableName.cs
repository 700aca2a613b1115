using System.Text;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>Schema and name of a table.</summary>
/// <param name="Schema">The schema, as it is.</param>
/// <param name="Name">The name, as it is.</param>
public sealed record TableName(string Schema, string Name)
{
    /// <summary>Reads <c>schema.table</c>; parts with dots, spaces or capitals in them may be quoted as in SQL.</summary>
    /// <exception cref="SlipwayException">It is something else.</exception>
    public static TableName Parse(string text) =>
        TryParse(text)
        ?? throw new SlipwayException(
            $"'{text}' names no table",
            "write schema.table, such as public.notes, or \"My schema\".\"My table\"",
            ExitCode.BadInput
        );

    /// <summary>As SQL writes it.</summary>
    public override string ToString() => $"{Sql.Name(Schema)}.{Sql.Name(Name)}";

    internal static TableName? TryParse(string text)
    {
        var at = 0;
        return
            Part(text, ref at) is { } schema
            && at < text.Length
            && text[at++] == '.'
            && Part(text, ref at) is { } name
            && at == text.Length
            ? new(schema, name)
            : null;
    }

    private static string? Part(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] is not ('.' or '"'))
            {
                at++;
            }

            return at > start ? text[start..at] : null;
        }

        var part = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"' && (at + 1 == text.Length || text[at + 1] != '"'))
            {
                at++;
                return part.Length > 0 ? part.ToString() : null;
            }

            at += text[at] == '"' ? 1 : 0;
            part.Append(text[at]);
        }

        return null;
    }
}
