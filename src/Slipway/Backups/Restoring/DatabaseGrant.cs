using System.Text;
using Slipway.Postgres;

namespace Slipway.Backups.Restoring;

/// <summary>One entry of a database's access list.</summary>
/// <param name="To">The role that may; null for everybody.</param>
/// <param name="Rights">What it may, in the server's letters; a star lets it pass the right on.</param>
/// <param name="By">The role that granted it.</param>
internal sealed record DatabaseGrant(string? To, string Rights, string By)
{
    /// <summary>Reads an entry as the server writes it, such as <c>"some role"=CTc/owner</c>.</summary>
    public static DatabaseGrant Parse(string item)
    {
        var at = 0;
        var to = Role(item, ref at);
        var slash = item.IndexOf('/', at);
        var rights = item[(at + 1)..slash];
        at = slash + 1;
        return new(to.Length == 0 ? null : to, rights, Role(item, ref at));
    }

    /// <summary>The statements that give it.</summary>
    public IEnumerable<string> Statements(string database, string owner)
    {
        for (var at = 0; at < Rights.Length; at++)
        {
            var passesOn = at + 1 < Rights.Length && Rights[at + 1] == '*';
            var right = Rights[at] switch
            {
                'C' => "CREATE",
                'T' => "TEMPORARY",
                'c' => "CONNECT",
                _ => null,
            };
            if (right is null)
            {
                continue;
            }

            var grant =
                $"GRANT {right} ON DATABASE {Sql.Name(database)} TO {(To is null ? "PUBLIC" : Sql.Name(To))}"
                + (passesOn ? " WITH GRANT OPTION" : "");
            // A grant is remembered as coming from the owner, whoever gives it, unless its giver gives it himself.
            yield return By == owner ? grant : $"SET ROLE {Sql.Name(By)}; {grant}; RESET ROLE";
        }
    }

    private static string Role(string item, ref int at)
    {
        var name = new StringBuilder();
        var isQuoted = false;
        for (; at < item.Length && (isQuoted || item[at] is not ('=' or '/')); at++)
        {
            if (item[at] != '"')
            {
                name.Append(item[at]);
            }
            else if (isQuoted && at + 1 < item.Length && item[at + 1] == '"')
            {
                name.Append('"');
                at++;
            }
            else
            {
                isQuoted = !isQuoted;
            }
        }

        return name.ToString();
    }
}
