using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Nuke.Common.Tooling;

namespace Nuke.Common.Reporting;

/// <summary>
/// What an exception says to a person. One that has the properties <c>Hint</c> and <c>ExitCode</c> knows what to say, so its
/// stack trace stays off the console; the properties are found by name, because the engine does not know the product.
/// </summary>
internal sealed record FailureFacts(Exception Exception, string? Hint, int? ExitCode)
{
    public bool IsExplained => Hint is not null || ExitCode is not null;

    public static FailureFacts Of(Exception exception)
    {
        var type = exception.GetType();
        var hint = Property(type, "Hint", typeof(string))?.GetValue(exception) as string;
        // The code of a program means what that program says, which is not what a run's exit code says.
        var code = exception is ProcessException ? null : Property(type, "ExitCode", null)?.GetValue(exception);
        return new(exception, string.IsNullOrWhiteSpace(hint) ? null : hint, Code(code));
    }

    /// <summary>The exception inside the wrappers that reflection and tasks put around it.</summary>
    public static Exception Unwrap(Exception exception) =>
        exception switch
        {
            TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
            AggregateException { InnerExceptions: [var inner] } => Unwrap(inner),
            _ => exception,
        };

    public string FirstLine =>
        $"{(IsExplained ? "" : $"{Exception.GetType().Name}: ")}{Exception.Message.Split('\n', 2)[0].TrimEnd('\r')}";

    /// <summary>What the console shows.</summary>
    public string ForPerson() =>
        IsExplained
            ? Exception.Message + (Hint is null ? "" : $"{Environment.NewLine}HINT: {Hint}")
            : Exception.ToString();

    /// <summary>Where it was thrown: the first frame with a source file that is not the engine's own.</summary>
    public (string File, int Line)? Location()
    {
        var frame = new StackTrace(Exception, fNeedFileInfo: true)
            .GetFrames()
            .FirstOrDefault(frame =>
                frame.GetFileName() is not null
                && frame.GetMethod()?.DeclaringType?.Assembly != typeof(FailureFacts).Assembly
            );
        return frame is null ? null : (frame.GetFileName()!, frame.GetFileLineNumber());
    }

    private static PropertyInfo? Property(Type type, string name, Type? propertyType)
    {
        try
        {
            var property = type.GetProperty(name);
            return propertyType is null || property?.PropertyType == propertyType ? property : null;
        }
        catch (AmbiguousMatchException)
        {
            return null;
        }
    }

    private static int? Code(object? value) =>
        value is int or Enum ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;
}
