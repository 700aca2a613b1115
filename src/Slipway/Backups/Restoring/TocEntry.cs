namespace Slipway.Backups.Restoring;

/// <summary>One line of an archive's table of contents, as pg_restore lists it.</summary>
/// <param name="Id">Its number among everything the backup holds.</param>
/// <param name="Kind">What it is, such as <c>TABLE DATA</c>.</param>
/// <param name="Name">
/// Schema, name and owner with a space between them. What is a space in a name and what is one between names is not told.
/// </param>
internal sealed record TocEntry(int Id, string Kind, string Name)
{
    /// <summary>The server's number of what it is or belongs to; 0 when there is none.</summary>
    public long Object { get; init; }

    /// <summary>The place of its archive among the backup's; 0 for the one with the definitions.</summary>
    public int Archive { get; init; }

    /// <summary>Its number in that archive.</summary>
    public int Number { get; init; } = Id;

    /// <summary>Numbers of the entries that must be restored before.</summary>
    public IReadOnlyList<int> DependsOn { get; init; } = [];

    /// <summary>True when it can be the entry of an object with this schema and name.</summary>
    public bool CanBe(string schema, string name) =>
        Name.StartsWith($"{TocList.Printed(schema)} {TocList.Printed(name)} ", StringComparison.Ordinal);
}
