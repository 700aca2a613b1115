using System.Diagnostics.CodeAnalysis;

namespace Nuke.Common;

/// <summary>Stops a target when something is not as it must be.</summary>
public static class Assert
{
    /// <summary>Fails with a message.</summary>
    [DoesNotReturn]
    public static void Fail(string message, Exception? exception = null) =>
        throw new InvalidOperationException(message, exception);

    /// <summary>Fails unless the condition holds.</summary>
    public static void True([DoesNotReturnIf(false)] bool condition, string? message = null)
    {
        if (!condition)
        {
            Fail(message ?? "Expected condition to be true");
        }
    }
}
