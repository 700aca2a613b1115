using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Runs;

namespace Slipway.Health.Hurl;

/// <summary>One pass through a file: its cookies and variables, and how a request is sent and judged.</summary>
internal sealed class HurlSession(
    HttpMessageHandler handler,
    TimeProvider time,
    TimeSpan requestTimeout,
    HurlVariables variables
) : IDisposable
{
    private const int LargestBody = 1 << 20;
    private readonly HttpMessageInvoker _client = new(handler, disposeHandler: false);
    private readonly CookieContainer _cookies = new();

    /// <summary>The address with its parameters, but without user and password.</summary>
    public static string Shown(HurlRequest request, HurlVariables variables)
    {
        var query = request.Query.Select(pair =>
            HurlVariables.IsSecret(pair.Name.ToString())
                ? $"{pair.Name}={HurlRedaction.Mark}"
                : $"{pair.Name.Render(variables.Text)}={pair.Value.Render(variables.Text)}"
        );
        var url = request.Url.Render(variables.Text);
        var shown =
            Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
                ? url.Replace($"{uri.UserInfo}@", "", StringComparison.Ordinal)
                : url;
        return request.Query.Count == 0 ? shown : $"{shown}{Joint(shown)}{string.Join('&', query)}";
    }

    /// <summary>Sends a request once.</summary>
    /// <returns>What did not hold.</returns>
    public async Task<IReadOnlyList<HurlFailure>> TryAsync(HurlEntry entry, CancellationToken cancellationToken)
    {
        var line = entry.Request.Line;
        using var deadline = new CancellationTokenSource(requestTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return Judge(entry, await SendAsync(entry.Request, stop.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [new(line, "answer", $"one within {RunOutput.Duration(requestTimeout)}", "none")];
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or FormatException or InvalidOperationException)
        {
            var reason = exception.InnerException?.Message ?? exception.Message;
            return [new(line, "answer", "one", variables.Redact(reason))];
        }
    }

    public void Dispose() => _client.Dispose();

    private List<HurlFailure> Judge(HurlEntry entry, HurlReceived received) =>
        entry.Response is null ? [] : new HurlExpectation(variables).Judge(entry.Response, received);

    private async Task<HurlReceived> SendAsync(HurlRequest written, CancellationToken cancellationToken)
    {
        var url = Address(written);
        using var request = new HttpRequestMessage(new HttpMethod(written.Method), url) { Content = Content(written) };
        AddHeaders(request, written);
        var started = time.GetTimestamp();
        using var response = await _client.SendAsync(request, cancellationToken);
        var bytes =
            await DirectHttp.ReadAsync(response.Content, LargestBody, cancellationToken)
            ?? throw new IOException($"an answer larger than {RunOutput.Bytes(LargestBody)}");
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value)))
            .ToList();
        return new(
            (int)response.StatusCode,
            response
                .Version.ToString(2)
                .Replace(".0", response.Version.Major > 1 ? "" : ".0", StringComparison.Ordinal),
            headers,
            Keep(url, headers),
            Encoding.UTF8.GetString(bytes),
            bytes.Length,
            time.GetElapsedTime(started)
        );
    }

    private Uri Address(HurlRequest written)
    {
        var url = written.Url.Render(variables.Text);
        var query = string.Join('&', written.Query.Select(Encoded));
        var full = query.Length == 0 ? url : url + Joint(url) + query;
        return Uri.TryCreate(full, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException($"the address {url}, which is none of http or https");
    }

    private static char Joint(string url) => url.Contains('?', StringComparison.Ordinal) ? '&' : '?';

    private string Encoded(HurlPair pair) =>
        $"{Uri.EscapeDataString(pair.Name.Render(variables.Text))}={Uri.EscapeDataString(pair.Value.Render(variables.Text))}";

    private ByteArrayContent? Content(HurlRequest written)
    {
        var (text, type) = written switch
        {
            { Form.Count: > 0 } => (
                string.Join('&', written.Form.Select(Encoded)).Replace("%20", "+", StringComparison.Ordinal),
                "application/x-www-form-urlencoded"
            ),
            { Body: { IsJson: true } body } => (body.Text.RenderJson(variables.Text), "application/json"),
            { Body: { } body } => (body.Text.Render(variables.Text), null),
            _ => (null, null),
        };
        if (text is null)
        {
            return null;
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return content;
    }

    private void AddHeaders(HttpRequestMessage request, HurlRequest written)
    {
        var headers = written.Headers.Select(pair =>
            (pair.Name.Render(variables.Text), pair.Value.Render(variables.Text))
        );
        foreach (var (name, value) in headers)
        {
            if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            {
                throw new FormatException($"a line break in the header {name}");
            }

            if (request.Headers.TryAddWithoutValidation(name, value))
            {
                continue;
            }

            request.Content ??= new ByteArrayContent([]);
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        if (written.BasicAuth is { } basic)
        {
            var pair = $"{basic.Name.Render(variables.Text)}:{basic.Value.Render(variables.Text)}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        var cookies = written
            .Cookies.Select(pair => $"{pair.Name.Render(variables.Text)}={pair.Value.Render(variables.Text)}")
            .Prepend(_cookies.GetCookieHeader(Jar(request.RequestUri)))
            .Where(cookie => cookie.Length > 0);
        if (string.Join("; ", cookies) is { Length: > 0 } header)
        {
            request.Headers.TryAddWithoutValidation("Cookie", header);
        }
    }

    /// <summary>Keeps the cookies that a response sets.</summary>
    private Dictionary<string, string> Keep(Uri url, List<KeyValuePair<string, string>> headers)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var (_, value) in headers.Where(header =>
                header.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            var pair = value.Split(';')[0].Split('=', 2);
            set[pair[0].Trim()] = pair.Length > 1 ? pair[1].Trim() : "";
            try
            {
                _cookies.SetCookies(Jar(url), value);
            }
            catch (CookieException)
            {
                // For another domain or malformed: a browser would drop it, too.
            }
        }

        return set;
    }

    // As browsers and curl do, loopback counts as safe enough for cookies marked Secure.
    private static Uri Jar(Uri? url) =>
        url is { IsLoopback: true, Scheme: "http" }
            ? new UriBuilder(url) { Scheme = "https" }.Uri
            : url ?? throw new InvalidOperationException("a request without address");
}
