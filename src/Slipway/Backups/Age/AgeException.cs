using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>An encrypted file that cannot be read.</summary>
/// <param name="problem">The kind of problem.</param>
/// <param name="message">What is wrong with it.</param>
/// <param name="hint">What to do about it.</param>
public sealed class AgeException(AgeProblem problem, string message, string hint) : SlipwayException(message, hint)
{
    private const string Damaged =
        "take another copy or another backup; every byte before this place was intact when it was read";

    /// <summary>The kind of problem.</summary>
    public AgeProblem Problem { get; } = problem;

    /// <summary>The broken chunk of 64 KiB, from 0; null when the trouble is not in the content.</summary>
    public long? Chunk { get; private init; }

    /// <summary>The content is intact before this byte; null when the trouble is not in the content.</summary>
    public long? Offset => Chunk * AgeChunks.Plain;

    internal static AgeException Header(string what) =>
        new(
            AgeProblem.HeaderBroken,
            $"The header of the encrypted file is broken: {what}",
            "take another copy or another backup: without its header nobody can decrypt a file"
        );

    internal static AgeException Payload(long chunk, string what) =>
        new(
            AgeProblem.PayloadBroken,
            $"The encrypted file is damaged from byte {chunk * AgeChunks.Plain} of its content on (chunk {chunk}): {what}",
            Damaged
        )
        {
            Chunk = chunk,
        };
}
