using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Runs;

namespace Slipway.Health.Hurl;

/// <summary>The variables of one pass through a file, and which of their values are never printed.</summary>
public sealed class HurlVariables
{
    // Shorter ones would blot out half of every text.
    private const int ShortestSecret = 4;
    private static readonly string[] SecretNames = ["token", "password", "secret", "apikey", "api_key"];
    private static readonly string[] Functions = ["newUuid", "newDate"];
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly List<string> _secrets = [];
    private readonly TimeProvider _time;

    internal HurlVariables(IReadOnlyDictionary<string, string> given, TimeProvider time)
    {
        _time = time;
        foreach (var (name, value) in given)
        {
            Set(name, JsonSerializer.SerializeToElement(value), redact: false);
        }
    }

    /// <summary>The variables that every file gets: <c>base</c>, <c>version</c> and <c>run</c>.</summary>
    /// <param name="baseUrl">Where the application is.</param>
    /// <param name="version">The release's id.</param>
    /// <param name="run">The run; a random part is added, so that a file can be sent twice in one run.</param>
    public static IReadOnlyDictionary<string, string> Standard(Uri baseUrl, string version, RunId run) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["base"] = baseUrl.ToString().TrimEnd('/'),
            ["version"] = version,
            ["run"] = $"{run.Value.ToLowerInvariant()}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
        };

    /// <summary>Refuses a file that uses a variable that neither we nor the file itself sets, or asks what is no address.</summary>
    /// <exception cref="HurlSyntaxException">It does; the message says where.</exception>
    public static void CheckStandard(HurlFile file)
    {
        Check(file, ["base", "version", "run"]);

        // Any word may be a method, so a mistyped HTTP reads as a request too.
        var wrong = file.Entries.Select(entry => entry.Request).FirstOrDefault(request => !MayBeAddress(request.Url));
        if (wrong is not null)
        {
            throw new HurlSyntaxException(
                file.Path,
                wrong.Line,
                1,
                $"'{wrong.Method} {wrong.Url}' asks for no http address",
                "begin with a method and an address, such as: GET {{base}}/health; or with HTTP 200 for the response"
            );
        }
    }

    private static bool MayBeAddress(HurlTemplate url) =>
        url.Parts is [{ IsVariable: true }, ..]
        || url.ToString().StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || url.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a file that uses a variable nothing sets.</summary>
    internal static void Check(HurlFile file, IEnumerable<string> given)
    {
        var known = new HashSet<string>(given.Concat(Functions), StringComparer.Ordinal);
        foreach (var entry in file.Entries)
        {
            Check(file.Path, RequestTemplates(entry.Request), known);
            var captured = entry.Response?.Captures.Select(capture => capture.Name) ?? [];
            if (!entry.Request.Options.Skip)
            {
                known.UnionWith(captured);
                Check(file.Path, ResponseTemplates(entry.Response), known);
            }
        }
    }

    /// <summary>True for names whose values are never printed.</summary>
    internal static bool IsSecret(string name) =>
        SecretNames.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    internal void Set(string name, JsonElement value, bool redact)
    {
        _values[name] = value;
        if ((redact || IsSecret(name)) && HurlData.Of(value).Plain() is { Length: >= ShortestSecret } secret)
        {
            _secrets.Add(secret);
        }
    }

    internal JsonElement Value(string name) =>
        name switch
        {
            "newUuid" => JsonSerializer.SerializeToElement(Guid.NewGuid().ToString()),
            "newDate" => JsonSerializer.SerializeToElement(
                _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", null)
            ),
            _ => _values[name],
        };

    internal string Text(string name) => HurlData.Of(Value(name)).Plain();

    /// <summary>A text without the secret values in it.</summary>
    internal string Redact(string text) =>
        _secrets
            .OrderByDescending(secret => secret.Length)
            .Aggregate(
                HurlRedaction.Properties(text),
                (result, secret) =>
                    result
                        .Replace(secret, HurlRedaction.Mark, StringComparison.Ordinal)
                        .Replace(Uri.EscapeDataString(secret), HurlRedaction.Mark, StringComparison.Ordinal)
            );

    private static void Check(string path, IEnumerable<HurlTemplate> templates, HashSet<string> known)
    {
        var missing = templates
            .SelectMany(template => template.Parts)
            .FirstOrDefault(part => part.IsVariable && !known.Contains(part.Text));
        if (missing is not null)
        {
            throw new HurlSyntaxException(
                path,
                missing.Line,
                missing.Column,
                $"nothing sets the variable {missing.Text}",
                $"known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}; or capture it in an earlier response"
            );
        }
    }

    private static IEnumerable<HurlTemplate> RequestTemplates(HurlRequest request) =>
        request
            .Headers.Concat(request.Query)
            .Concat(request.Form)
            .Concat(request.Cookies)
            .Concat(request.BasicAuth is null ? [] : [request.BasicAuth])
            .SelectMany(pair => new[] { pair.Name, pair.Value })
            .Prepend(request.Url)
            .Concat(request.Body is null ? [] : [request.Body.Text]);

    private static IEnumerable<HurlTemplate> ResponseTemplates(HurlResponse? response) =>
        response is null
            ? []
            : response
                .Headers.SelectMany(pair => new[] { pair.Name, pair.Value })
                .Concat(
                    response
                        .Asserts.Select(item => item.Predicate.Value)
                        .OfType<HurlLiteral>()
                        .Select(value => value.Text)
                );
}
