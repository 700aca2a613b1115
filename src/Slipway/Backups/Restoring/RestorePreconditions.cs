using System.Globalization;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Looks before anything is made whether a backup can be restored on a server.</summary>
internal sealed class RestorePreconditions(ServerSession server, DatabaseUrl target, RunOutput output)
{
    private const string Facts = """
        SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1), rolsuper OR rolcreatedb, pg_is_in_recovery()
        FROM pg_roles WHERE rolname = current_user
        """;

    /// <summary>Looks.</summary>
    /// <returns>Roles that are missing; always empty unless the restore may do without them.</returns>
    /// <exception cref="SlipwayException">It cannot be restored there.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(
        BackupManifest manifest,
        bool doesWithoutRoles,
        CancellationToken cancellationToken
    )
    {
        var (exists, creates, isReplica) = (
            await server.ListAsync(
                Facts,
                row => (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2)),
                cancellationToken,
                target.Database
            )
        )[0];
        if (exists)
        {
            throw NewDatabase.Exists(target.Database);
        }

        if (isReplica || !creates)
        {
            throw Refused(
                isReplica ? $"the server of {target} is a replica" : $"role {target.User} may not make databases",
                isReplica ? "restore on the primary" : $"ALTER ROLE {Sql.Name(target.User)} CREATEDB"
            );
        }

        await CheckServerAsync(manifest, cancellationToken);
        var missing = await MissingRolesAsync(manifest.Content, cancellationToken);
        if (missing.Count > 0 && !doesWithoutRoles)
        {
            throw Refused(
                $"the server has no role {string.Join(", ", missing)}, which own something in it or have rights on it",
                "create them: "
                    + string.Join("; ", missing.Select(role => $"CREATE ROLE {Sql.Name(role)}"))
                    + (
                        manifest.Globals is null
                            ? ""
                            : $" (how they were made is in {manifest.Globals.Name} of the backup)"
                    )
            );
        }

        return missing;
    }

    private async Task CheckServerAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        WarnOfOlderServer(manifest.ServerVersion);
        await CheckExtensionsAsync(manifest.Content.Extensions, cancellationToken);
        await CheckSpaceAsync(manifest, cancellationToken);
    }

    // Newer servers take what older ones wrote; the other way round it mostly works and is promised by nobody.
    private void WarnOfOlderServer(string version)
    {
        var here = server.Connection.ServerVersion;
        if (Major(here) < Major(version))
        {
            output.Warn(
                $"the backup is of PostgreSQL {version} and is restored on {here}: an older server may not understand all of it"
            );
        }

        static int Major(string text) =>
            int.TryParse(text.Split('.', ' ')[0], CultureInfo.InvariantCulture, out var major) ? major : 0;
    }

    private async Task<IReadOnlyList<string>> MissingRolesAsync(
        DatabaseContent content,
        CancellationToken cancellationToken
    )
    {
        var wanted = content
            .Roles.Append(content.Properties.Owner)
            .Concat(content.Settings.Select(setting => setting.Role).OfType<string>())
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return await server.ListAsync(
            "SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) ORDER BY 1",
            row => row.GetString(0),
            cancellationToken,
            [wanted]
        );
    }

    private async Task CheckExtensionsAsync(
        IReadOnlyList<ExtensionVersion> extensions,
        CancellationToken cancellationToken
    )
    {
        var there = (
            await server.ListAsync(
                "SELECT name::text, version FROM pg_available_extension_versions",
                row => new ExtensionVersion(row.GetString(0), row.GetString(1)),
                cancellationToken
            )
        ).ToLookup(extension => extension.Name, StringComparer.Ordinal);
        var missing = extensions.Where(extension => !there.Contains(extension.Name)).ToList();
        if (missing.Count > 0)
        {
            throw Refused(
                $"its server lacks {string.Join(", ", missing.Select(extension => $"extension {extension.Name} {extension.Version}"))}",
                "install the packages that hold them on the database's server, on Debian postgresql-contrib or postgresql-<major>-<extension>"
            );
        }

        foreach (var extension in extensions.Where(wanted => !there[wanted.Name].Contains(wanted)))
        {
            output.Warn(
                $"extension {extension.Name} comes in another version than {extension.Version} of the backup: the server has "
                    + string.Join(", ", there[extension.Name].Select(other => other.Version))
            );
        }
    }

    private async Task CheckSpaceAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var needed = manifest.Content.Tables.Sum(table => table.Bytes ?? 0);
        needed = needed > 0 ? needed : manifest.PlainBytes;
        if (await FreeBytesAsync(cancellationToken) is not { } free)
        {
            output.Warn(
                $"how much room the server's disk has cannot be seen from here; the tables alone need {RunOutput.Bytes(needed)}"
            );
        }
        else if (free < needed)
        {
            throw Refused(
                $"its server's disk has {RunOutput.Bytes(free)} left, and the tables alone need {RunOutput.Bytes(needed)}",
                "make room on that disk, or restore on another server"
            );
        }
    }

    // Only a server on this machine, and only one that tells where its files are.
    private async Task<long?> FreeBytesAsync(CancellationToken cancellationToken)
    {
        if (target.Host is not ("localhost" or "127.0.0.1" or "::1") && !target.Host.StartsWith('/'))
        {
            return null;
        }

        var folders = await server.ListAsync(
            "SELECT setting FROM pg_settings WHERE name = 'data_directory'",
            row => row.GetString(0),
            cancellationToken
        );
        try
        {
            return folders is [var folder] ? new DriveInfo(folder).AvailableFreeSpace : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    // Who restores says what could not be restored where.
    private static SlipwayException Refused(string why, string hint) => new(why, hint, ExitCode.Refused);
}
