namespace SampleApp;

internal static partial class Logs
{
    [LoggerMessage(LogLevel.Information, "release {Version} listens on port {Port}")]
    public static partial void Started(this ILogger logger, string version, int port);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "a refresh token of user {User} was used twice; its family is revoked")]
    public static partial void Reused(this ILogger logger, long user);

    [LoggerMessage(LogLevel.Warning, "failed login")]
    public static partial void LoginFailed(this ILogger logger);
}
