namespace Slipway.Settings;

/// <summary>A PostgreSQL address in the form that Prisma projects write, split into its parts.</summary>
/// <remarks>Each client gets the parameters it understands: libpq refuses the rest of them.</remarks>
public sealed record DatabaseUrl
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port; 5432 unless given.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>Role to log in as.</summary>
    public required string User { get; init; }

    /// <summary>Password of the role; null when the server asks for none.</summary>
    public Secret? Password { get; init; }

    /// <summary>Schema that holds the tables and the migration history.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>Most connections the application may open; null when not limited.</summary>
    public int? ConnectionLimit { get; init; }

    /// <summary>How long the application waits for a free connection.</summary>
    public TimeSpan PoolTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait for a connection to the server.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True when the address is that of a PgBouncer in transaction mode.</summary>
    public bool PgBouncer { get; init; }

    /// <summary>libpq's sslmode: disable, allow, prefer, require, verify-ca or verify-full.</summary>
    public string SslMode { get; init; } = "prefer";

    /// <summary>File with the certificates that the server's is checked against; null for the system's.</summary>
    public string? SslRootCertificate { get; init; }

    /// <summary>How long the application waits for an answer; null for as long as it takes.</summary>
    public TimeSpan? SocketTimeout { get; init; }

    /// <summary>How many prepared statements the application keeps; null for its default.</summary>
    public int? StatementCacheSize { get; init; }

    /// <summary>Options that the server gets at connect, such as <c>-c work_mem=64MB</c>; null when there are none.</summary>
    public string? Options { get; init; }

    /// <summary>The whole address, as the application gets it.</summary>
    public required Secret Raw { get; init; }

    /// <summary>Reads an address.</summary>
    /// <param name="name">What the address is called in an error, such as <c>DATABASE_URL</c>.</param>
    /// <param name="text">The address; no error shows it.</param>
    /// <exception cref="SlipwayException">It is not understood.</exception>
    public static DatabaseUrl Parse(string name, string text)
    {
        var problems = new ProblemList();
        return new DatabaseUrlParser(name, problems).Parse(text)?.Url
            ?? throw new SlipwayException(
                string.Join('\n', problems.Errors),
                "write postgresql://USER:PASSWORD@HOST:5432/DATABASE?schema=public",
                ExitCode.BadInput
            );
    }

    /// <summary>The address without its password and parameters.</summary>
    public override string ToString() => $"postgresql://{User}@{Host}:{Port}/{Database}?schema={Schema}";
}
