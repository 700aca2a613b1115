using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Makes the database that a backup is restored to, and takes it away again.</summary>
internal sealed class NewDatabase(ServerSession server, string name)
{
    /// <summary>What the comments of databases begin with that were not finished, and that nobody needs.</summary>
    public const string Unfinished = "slipway: unfinished, may be dropped; ";

    /// <summary>Makes it, empty, with the owner, encoding and collation that the backup's had.</summary>
    /// <exception cref="SlipwayException">There is one of this name.</exception>
    public async Task CreateAsync(DatabaseProperties properties, string purpose, CancellationToken cancellationToken)
    {
        var owners = await server.ListAsync(
            "SELECT 1 FROM pg_roles WHERE rolname = $1",
            row => row.GetInt32(0),
            cancellationToken,
            properties.Owner
        );
        var owner = owners.Count > 0 ? $" OWNER {Sql.Name(properties.Owner)}" : "";
        try
        {
            await server.ExecuteAsync(
                $"CREATE DATABASE {Sql.Name(name)}{owner} TEMPLATE template0 ENCODING {Sql.Text(properties.Encoding)} "
                    + $"LC_COLLATE {Sql.Text(properties.Collate)} LC_CTYPE {Sql.Text(properties.Type)}{Provider(properties)}",
                cancellationToken
            );
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase)
        {
            throw Exists(name);
        }

        await CommentAsync($"{Unfinished}{purpose}", cancellationToken);
    }

    /// <summary>Gives it the settings and grants that the backup's database had.</summary>
    public async Task EquipAsync(DatabaseContent content, CancellationToken cancellationToken)
    {
        foreach (var setting in content.Settings)
        {
            var whose = setting.Role is null
                ? $"DATABASE {Sql.Name(name)}"
                : $"ROLE {Sql.Name(setting.Role)} IN DATABASE {Sql.Name(name)}";
            await server.ExecuteAsync(
                $"ALTER {whose} SET {Parameter(setting.Name)} TO {setting.Value}",
                cancellationToken
            );
        }

        await GrantAsync(content.Properties.Grants, content.Properties.Owner, cancellationToken);
    }

    /// <summary>Makes its access list the one given; an empty one is the server's default.</summary>
    public async Task GrantAsync(IReadOnlyList<string> items, string owner, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return;
        }

        var database = Sql.Name(name);
        await server.ExecuteAsync(
            $"REVOKE ALL ON DATABASE {database} FROM PUBLIC; REVOKE ALL ON DATABASE {database} FROM {Sql.Name(owner)}",
            cancellationToken
        );
        var grants = items.Select(DatabaseGrant.Parse).OrderBy(grant => grant.By != owner);
        foreach (var statement in grants.SelectMany(grant => grant.Statements(name, owner)))
        {
            await server.ExecuteAsync(statement, cancellationToken);
        }
    }

    /// <summary>Writes what it is beside it; null takes that away.</summary>
    public Task CommentAsync(string? text, CancellationToken cancellationToken) =>
        server.ExecuteAsync($"COMMENT ON DATABASE {Sql.Name(name)} IS {Sql.TextOrNull(text)}", cancellationToken);

    /// <summary>Drops it with whoever is in it.</summary>
    public Task DropAsync(CancellationToken cancellationToken) =>
        server.ExecuteAsync($"DROP DATABASE IF EXISTS {Sql.Name(name)} WITH (FORCE)", cancellationToken);

    public static SlipwayException Exists(string name) =>
        new(
            $"There is a database {name} already, and a restore never writes into one that exists",
            "choose another name, or drop that database when nobody needs it",
            ExitCode.Refused
        );

    // Settings of extensions have a dot in their name, which is not part of a quoted one.
    private static string Parameter(string setting) => string.Join('.', setting.Split('.').Select(Sql.Name));

    private static string Provider(DatabaseProperties properties) =>
        (properties.Provider, properties.Locale) switch
        {
            ("i", { } locale) => $" LOCALE_PROVIDER icu ICU_LOCALE {Sql.Text(locale)}",
            ("b", { } locale) => $" LOCALE_PROVIDER builtin BUILTIN_LOCALE {Sql.Text(locale)}",
            _ => "",
        };
}
