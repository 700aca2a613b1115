namespace Nuke.Common.ValueInjection;

/// <summary>A converted value, or what is wrong with which word; the word is kept apart, because it may be secret.</summary>
internal readonly record struct Conversion(object? Value, string? Problem, string? Word = null)
{
    public void Deconstruct(out object? value, out string? problem) => (value, problem) = (Value, Problem);
}
