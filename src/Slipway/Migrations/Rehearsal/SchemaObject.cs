namespace Slipway.Migrations.Rehearsal;

/// <summary>A definition in a database's catalog.</summary>
/// <param name="Kind">What it is, such as <c>column</c>.</param>
/// <param name="Name">Its full name, as SQL writes it.</param>
/// <param name="Table">The table that it belongs to; null when it is one, or belongs to none.</param>
/// <param name="Definition">Everything about it, by the server's own words.</param>
public sealed record SchemaObject(string Kind, string Name, string? Table, string Definition)
{
    /// <inheritdoc />
    public override string ToString() => $"{Kind} {Name}";
}
