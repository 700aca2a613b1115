using System.Security.Cryptography;
using System.Text;

namespace Slipway.Migrations;

/// <summary>One migration as its files have it.</summary>
public sealed record Migration
{
    /// <summary>What it is called everywhere: its folder's or file's name, without the file's extension.</summary>
    public required string Name { get; init; }

    /// <summary>What the history knows it by; the name unless the tool keeps a version alone.</summary>
    public string Version
    {
        get => field ?? Name;
        init;
    }

    /// <summary>The file it is in, from the folder on, with slashes.</summary>
    public string Path
    {
        get => field ?? $"{Name}/migration.sql";
        init;
    }

    /// <summary>What is run. Line 1 is line 1 of the file.</summary>
    public required string Sql { get; init; }

    /// <summary>What undoes it; null when nothing does. Line 1 is line 1 of its file.</summary>
    public string? DownSql { get; init; }

    /// <summary>The file with that, from the folder on; null when there is none.</summary>
    public string? DownPath { get; init; }

    /// <summary>True when it is applied again whenever its text changes.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>True when its file says that it runs outside a transaction.</summary>
    public bool RefusesTransaction { get; init; }

    /// <summary>The same of what undoes it.</summary>
    public bool DownRefusesTransaction { get; init; }

    /// <summary>What the tool writes to its history beside the version, such as a checksum of its own kind; null when nothing.</summary>
    public string? Stamp { get; init; }

    /// <summary>What the format finds wrong with it; empty when nothing.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>SHA-256 of what is run, by which a plan knows it.</summary>
    public string Checksum => ChecksumOf(Sql);

    /// <summary>SHA-256 of what undoes it; null when nothing does.</summary>
    public string? DownChecksum => DownSql is null ? null : ChecksumOf(DownSql);

    private static string ChecksumOf(string sql) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
}
