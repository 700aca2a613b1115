using Slipway.Settings;

namespace Slipway.Storage;

/// <summary>Tells what a store throws when it cannot do something from everything else.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or SlipwayException
                or HttpRequestException
                or TimeoutException;
}
