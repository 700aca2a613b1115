namespace Slipway.Drivers.Tests.Support;

/// <summary>What goes wrong with a request on its way; all null for nothing.</summary>
internal sealed record Fault
{
    /// <summary>Answered instead of the server: status, and the S3 error code in the body.</summary>
    public (int Status, string Code)? Answer { get; init; }

    /// <summary>A header of that answer, such as <c>x-amz-bucket-region: eu-central-1</c>.</summary>
    public string? Header { get; init; }

    /// <summary>How long nothing happens before the request goes on.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Bytes of the request's body after which the connection is reset.</summary>
    public int? ResetsRequestAfter { get; init; }

    /// <summary>Bytes of the answer's body after which the connection is reset.</summary>
    public int? ResetsAnswerAfter { get; init; }

    /// <summary>Bytes of the answer's body after which the connection ends in good order, too early.</summary>
    public int? EndsAnswerAfter { get; init; }

    /// <summary>The server does what is asked, and its answer is lost.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Byte of the request's body that arrives changed.</summary>
    public int? FlipsRequestAt { get; init; }

    /// <summary>Byte of the answer's body that arrives changed.</summary>
    public int? FlipsAnswerAt { get; init; }
}
