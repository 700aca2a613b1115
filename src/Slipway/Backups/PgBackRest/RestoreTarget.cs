using System.Globalization;
using NpgsqlTypes;

namespace Slipway.Backups.PgBackRest;

/// <summary>Where recovery ends.</summary>
public sealed record RestoreTarget
{
    private RestoreTarget() { }

    /// <summary>The end of the archived write-ahead log.</summary>
    public static RestoreTarget Latest { get; } = new();

    /// <summary>The first point at which the backup is consistent.</summary>
    public static RestoreTarget Consistent { get; } = new() { IsConsistent = true };

    /// <summary>The moment at which it ends; null when it is no moment.</summary>
    public DateTimeOffset? Moment { get; private init; }

    /// <summary>The log position at which it ends; null when it is none.</summary>
    public NpgsqlLogSequenceNumber? Lsn { get; private init; }

    /// <summary>The restore point at which it ends, see <c>pg_create_restore_point</c>; null when it is none.</summary>
    public string? Point { get; private init; }

    /// <summary>True to end just before the target instead of just after it; default false.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>Timeline to follow, such as <c>2</c> or <c>current</c>; null for PostgreSQL's default, the latest.</summary>
    public string? Timeline { get; init; }

    private bool IsConsistent { get; init; }

    /// <summary>A moment; the last transaction that was committed by then is there.</summary>
    public static RestoreTarget At(DateTimeOffset moment) => new() { Moment = moment };

    /// <summary>A position in the write-ahead log.</summary>
    public static RestoreTarget At(NpgsqlLogSequenceNumber lsn) => new() { Lsn = lsn };

    /// <summary>
    /// A restore point by its name. Which backup is before it cannot be told by the name: name the backup too when it is not
    /// the newest.
    /// </summary>
    public static RestoreTarget At(string point) => new() { Point = point };

    /// <inheritdoc />
    public override string ToString() =>
        (Moment, Lsn, Point) switch
        {
            ({ } moment, _, _) => Text(moment),
            (_, { } lsn, _) => $"log position {lsn}",
            (_, _, { } point) => $"restore point {point}",
            _ => IsConsistent ? "the end of the backup" : "the latest state",
        };

    /// <summary>Options for <c>pgbackrest restore</c>.</summary>
    internal IReadOnlyList<string> Options()
    {
        (string Type, string? Value) target = (Moment, Lsn, Point) switch
        {
            ({ } moment, _, _) => ("time", Text(moment)),
            (_, { } lsn, _) => ("lsn", lsn.ToString()),
            (_, _, { } point) => ("name", point),
            _ => (IsConsistent ? "immediate" : "default", null),
        };
        var options = new List<string> { $"--type={target.Type}" };
        if (target.Value is not null)
        {
            options.Add($"--target={target.Value}");
        }

        // Without this the server would wait, read only, for a person.
        if (target.Value is not null || IsConsistent)
        {
            options.Add("--target-action=promote");
        }

        if (IsExclusive && target.Value is not null and not { Length: 0 } && Point is null)
        {
            options.Add("--target-exclusive");
        }

        if (Timeline is not null)
        {
            options.Add($"--target-timeline={Timeline}");
        }

        return options;
    }

    // A time without its zone would be read in the zone of whoever runs it.
    private static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00";
}
