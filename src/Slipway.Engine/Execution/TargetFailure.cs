using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>What is told about an exception of a target.</summary>
/// <param name="Message">What failed.</param>
/// <param name="Hint">What to do about it; null when the exception has none.</param>
/// <param name="ExitCode">The exit code it asks for; null when it asks for none.</param>
internal sealed record TargetFailure(string Message, string? Hint, int? ExitCode)
{
    /// <summary>Reads an exception; one with a Hint is meant for people and needs no type name.</summary>
    public static TargetFailure Of(Exception exception)
    {
        var hint = Property(exception, "Hint") as string;
        var exitCode = Property(exception, "ExitCode") switch
        {
            int code => code,
            Enum code => Convert.ToInt32(code, System.Globalization.CultureInfo.InvariantCulture),
            _ => (int?)null,
        };
        return new(
            hint is null ? $"{exception.GetType().Name}: {exception.Message}" : exception.Message,
            hint,
            exitCode
        );
    }

    /// <summary>The exception that was thrown, without what reflection and tasks wrapped around it.</summary>
    public static Exception Unwrap(Exception exception) =>
        exception switch
        {
            TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
            AggregateException { InnerExceptions: [var only] } => Unwrap(only),
            _ => exception,
        };

    // By name: the engine does not know the product whose exceptions these are.
    private static object? Property(Exception exception, string name) =>
        exception.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public)?.GetValue(exception);
}
