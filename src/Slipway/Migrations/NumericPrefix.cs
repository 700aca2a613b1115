namespace Slipway.Migrations;

/// <summary>Orders names by the number they begin with, however long it is.</summary>
internal static class NumericPrefix
{
    /// <summary>The digits at the beginning.</summary>
    public static string Of(string name) => name[..name.TakeWhile(char.IsAsciiDigit).Count()];

    /// <summary>By number, then by name.</summary>
    public static int Compare(string one, string other)
    {
        var byNumber = CompareDigits(Of(one), Of(other));
        return byNumber != 0 ? byNumber : string.CompareOrdinal(one, other);
    }

    /// <summary>Two rows of digits as the numbers that they are.</summary>
    public static int CompareDigits(string one, string other)
    {
        var (a, b) = (one.TrimStart('0'), other.TrimStart('0'));
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }
}
