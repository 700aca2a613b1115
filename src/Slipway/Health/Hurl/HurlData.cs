using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>A value found in a response, or that there is none.</summary>
/// <param name="Exists">False when nothing was found.</param>
/// <param name="Value">The value.</param>
/// <param name="ByteCount">How many bytes there are, when the value is the body's bytes; otherwise null.</param>
/// <param name="Problem">Why a filter could not be applied; null when all were.</param>
internal sealed record HurlData(bool Exists, JsonElement Value, int? ByteCount = null, string? Problem = null)
{
    public static HurlData Nothing { get; } = new(false, default);

    public static HurlData Of(JsonElement value) => new(true, value);

    public static HurlData Of(string text) => new(true, JsonSerializer.SerializeToElement(text));

    public static HurlData Of(long number) => new(true, JsonSerializer.SerializeToElement(number));

    public static HurlData Bytes(int count) => new(true, default, count);

    public static HurlData Wrong(string problem) => new(false, default, null, problem);

    public string? Text => Exists && Value.ValueKind is JsonValueKind.String ? Value.GetString() : null;

    /// <summary>The value as it stands in an address, a header or a body.</summary>
    public string Plain() => Text ?? Value.GetRawText();

    /// <summary>The value for people.</summary>
    public override string ToString() =>
        Problem is not null ? Problem
        : !Exists ? "nothing"
        : ByteCount is { } count ? $"{count} bytes"
        : Value.GetRawText();
}
