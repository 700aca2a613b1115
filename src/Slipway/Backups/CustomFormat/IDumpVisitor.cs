namespace Slipway.Backups.CustomFormat;

/// <summary>Gets everything that an archive consists of, in its order and each byte once.</summary>
internal interface IDumpVisitor
{
    /// <summary>What the head tells; its bytes come next.</summary>
    void Head(DumpHead head);

    /// <summary>Bytes as they stand in the archive.</summary>
    /// <param name="holder">Number of the entry that they are data of; null for what belongs to none, such as the head.</param>
    /// <param name="bytes">The bytes.</param>
    void Other(int? holder, ReadOnlySpan<byte> bytes);

    /// <summary>The rows of an entry begin.</summary>
    void BeginRows(int holder);

    /// <summary>Some bytes of rows, cut anywhere.</summary>
    void Rows(ReadOnlySpan<byte> bytes);

    /// <summary>The data of an entry is at its end.</summary>
    /// <param name="holder">Number of the entry.</param>
    /// <param name="isRows">False for large objects.</param>
    void End(int holder, bool isRows);

    /// <summary>Nobody here knows what comes; all of it comes as <see cref="Other"/>.</summary>
    void Unknown();
}
