using System.Net;
using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>What a release has to be told so that it works on a copy of its database and never on the original.</summary>
/// <param name="Changed">The variables that lead to the copy instead.</param>
/// <param name="Problem">A variable that leads to the original and that cannot be led elsewhere; null when there is none.</param>
internal sealed partial record TrialVariables(IReadOnlyDictionary<string, Secret> Changed, string? Problem)
{
    private const string Main = "DATABASE_URL";

    /// <summary>Looks through everything that the release would get.</summary>
    /// <param name="given">The variables that it would get, inherited ones too.</param>
    /// <param name="live">The database that it works on.</param>
    /// <param name="copy">The copy.</param>
    public static TrialVariables Of(IReadOnlyDictionary<string, string> given, DatabaseUrl live, DatabaseUrl copy)
    {
        var main = given.GetValueOrDefault(Main) ?? live.Raw.Reveal();
        var changed = new Dictionary<string, Secret>(StringComparer.Ordinal)
        {
            [Main] = new(CopyAddress.Of(main, copy)),
        };
        foreach (var (name, value) in given.Where(pair => pair.Key != Main))
        {
            if (Address(value) is { } parts)
            {
                if (parts.Database == live.Database)
                {
                    changed[name] = new(CopyAddress.Of(value, copy));
                }
            }
            else if (value == live.Database && NamesDatabase().IsMatch(name) && IsSameServer(live, copy))
            {
                changed[name] = new(copy.Database);
            }
            else if (value == live.Database && NamesDatabase().IsMatch(name) || LeadsTo(value, live.Database))
            {
                return new(
                    changed,
                    $"the variable {name} leads the release to the live database {live.Database} in a form that cannot be changed to the copy"
                );
            }
        }

        return new(changed, null);
    }

    /// <summary>True when a copy is on the server of the original, whichever name of this machine it goes by.</summary>
    public static bool IsSameServer(DatabaseUrl live, DatabaseUrl copy) =>
        live.Port == copy.Port
        && (
            live.Host.Equals(copy.Host, StringComparison.OrdinalIgnoreCase)
            || IsThisMachine(live.Host) && IsThisMachine(copy.Host)
        );

    private static bool IsThisMachine(string host) =>
        host.StartsWith('/')
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    private static DatabaseUrlParts? Address(string value) => new DatabaseUrlSplitter(Main, new()).Split(value);

    // Such as Host=db;Database=app, jdbc:postgresql://db/app, dbname=app, and addresses that are not quite one.
    private static bool LeadsTo(string value, string database) =>
        ConnectionText().Matches(value).Any(match => match.Groups["name"].Value == database);

    [GeneratedRegex(
        @"(?:\b(?:database|dbname|initial catalog)\s*=\s*['""]?|\bpostgres(?:ql)?:(?://[^/?]*/)?)(?<name>[^;'""?&\s]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ConnectionText();

    [GeneratedRegex(
        "^PGDATABASE$|(^|_)(DB|DATABASE)(_?NAME)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NamesDatabase();
}
