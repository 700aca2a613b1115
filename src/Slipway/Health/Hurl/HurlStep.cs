using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>One step of a path: a property, a place in a list, or every item.</summary>
internal sealed record HurlStep(string? Name, int? Index)
{
    public bool Every => Name is null && Index is null;

    public IEnumerable<JsonElement> Find(JsonElement value) =>
        (value.ValueKind, Name, Index) switch
        {
            (JsonValueKind.Object, { } name, _) => value.TryGetProperty(name, out var found) ? [found] : [],
            (JsonValueKind.Array, _, { } index) => Item(value, index),
            (JsonValueKind.Array, null, null) => value.EnumerateArray(),
            (JsonValueKind.Object, null, null) => value.EnumerateObject().Select(property => property.Value),
            _ => [],
        };

    private static JsonElement[] Item(JsonElement list, int index)
    {
        var length = list.GetArrayLength();
        var place = index < 0 ? length + index : index;
        return place >= 0 && place < length ? [list[place]] : [];
    }
}
