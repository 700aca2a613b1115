using Serilog.Events;
using Serilog.Parsing;

namespace Nuke.Common.Reporting;

/// <summary>Renders a log message with its texts unquoted.</summary>
internal static class MessageText
{
    public static string Of(LogEvent logEvent)
    {
        using var writer = new StringWriter();
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (
                token is PropertyToken property
                && logEvent.Properties.TryGetValue(property.PropertyName, out var value)
                && value is ScalarValue { Value: string text }
            )
            {
                writer.Write(text);
            }
            else
            {
                token.Render(logEvent.Properties, writer, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return writer.ToString();
    }

    public static string Level(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose => "VRB",
            LogEventLevel.Debug => "DBG",
            LogEventLevel.Information => "INF",
            LogEventLevel.Warning => "WRN",
            LogEventLevel.Error => "ERR",
            _ => "FTL",
        };
}
