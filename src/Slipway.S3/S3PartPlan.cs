namespace Slipway.S3;

/// <summary>Into what parts an object goes.</summary>
/// <param name="PartSize">Bytes of each part but the last.</param>
/// <param name="Parallel">Parts that are sent at once.</param>
internal sealed record S3PartPlan(int PartSize, int Parallel)
{
    private const int Mebibyte = 1 << 20;

    // What the strictest of the known stores allows.
    private const int FewParts = 1000;

    /// <summary>Decides.</summary>
    /// <param name="settings">The store's limits.</param>
    /// <param name="expectedBytes">Size of the object, roughly; null when nobody knows.</param>
    public static S3PartPlan For(S3Settings settings, long? expectedBytes)
    {
        var size = settings.PartSize;
        if (expectedBytes is { } expected)
        {
            // Equal parts, because R2 and others take no others; a tenth more than expected still fits.
            var needed = Math.Ceiling(expected * 1.1 / Math.Min(FewParts, settings.MaxParts) / Mebibyte) * Mebibyte;
            size = (int)Math.Clamp(needed, size, 1024L * Mebibyte);
        }

        // One more part fills up while the others are sent.
        var fit = (settings.BufferBytes / size) - 1;
        return new(size, (int)Math.Clamp(fit, 1, settings.ParallelParts));
    }
}
