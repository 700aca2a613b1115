namespace Slipway.Health.Hurl;

/// <summary>What is made of a value.</summary>
public enum HurlFilterKind
{
    /// <summary>How many items, or characters, there are.</summary>
    Count,

    /// <summary>The first item.</summary>
    First,

    /// <summary>The last item.</summary>
    Last,

    /// <summary>One item by its place, from 0.</summary>
    Nth,

    /// <summary>The first group that a pattern finds.</summary>
    Regex,

    /// <summary>The parts between a separator.</summary>
    Split,

    /// <summary>The value as a whole number.</summary>
    ToInt,

    /// <summary>The value as text.</summary>
    ToString,
}
