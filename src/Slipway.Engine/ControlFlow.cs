namespace Nuke.Common;

/// <summary>Tries again.</summary>
public static class ControlFlow
{
    /// <summary>Runs an action again until it does not throw.</summary>
    /// <param name="action">The action.</param>
    /// <param name="cleanup">Runs after every attempt.</param>
    /// <param name="retryAttempts">How often it is run at most.</param>
    /// <param name="delay">The wait between attempts; null does not wait.</param>
    /// <param name="logAction">Receives what went wrong; null logs a warning.</param>
    public static void ExecuteWithRetry(
        Action action,
        Action? cleanup = null,
        int retryAttempts = 3,
        TimeSpan? delay = null,
        Action<string>? logAction = null
    )
    {
        Assert.True(retryAttempts > 0, $"retryAttempts is {retryAttempts}, but must be positive");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                action();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (attempt == retryAttempts)
                {
                    throw;
                }

                var message = $"Attempt #{attempt} failed with: {exception.Message}";
                (logAction ?? (text => Serilog.Log.Warning("{Text:l}", text)))(message);
                Wait(delay);
            }
            finally
            {
                cleanup?.Invoke();
            }
        }
    }

    /// <summary>Runs an asynchronous action again until it does not throw.</summary>
    /// <param name="action">The action.</param>
    /// <param name="cleanup">Runs after every attempt.</param>
    /// <param name="retryAttempts">How often it is run at most.</param>
    /// <param name="delay">The wait between attempts; null does not wait.</param>
    /// <param name="logAction">Receives what went wrong; null logs a warning.</param>
#pragma warning disable VSTHRD200 // The name is NUKE's.
    public static void ExecuteWithRetry(
        Func<Task> action,
        Action? cleanup = null,
        int retryAttempts = 3,
        TimeSpan? delay = null,
        Action<string>? logAction = null
    ) =>
#pragma warning restore VSTHRD200
#pragma warning disable VSTHRD002 // The signature is synchronous, and no synchronisation context exists.
        ExecuteWithRetry(() => action().GetAwaiter().GetResult(), cleanup, retryAttempts, delay, logAction);
#pragma warning restore VSTHRD002

    private static void Wait(TimeSpan? delay)
    {
        if (delay is { } span && span > TimeSpan.Zero)
        {
            // A signal cancels the running target's token, so it also ends the wait.
            var token = Execution.RunToken.Current;
            token.WaitHandle.WaitOne(span);
            token.ThrowIfCancellationRequested();
        }
    }
}
