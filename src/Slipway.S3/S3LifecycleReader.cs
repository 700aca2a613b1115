using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Reads a lifecycle rule.</summary>
internal static class S3LifecycleReader
{
    public static S3LifecycleRule Read(LifecycleRule rule)
    {
        var filter = rule.Filter?.LifecycleFilterPredicate;
        var all = (filter as LifecycleAndOperator)?.Operands ?? (filter is null ? [] : [filter]);
        var isPartial = all.Any(part => part is not LifecyclePrefixPredicate);
        return new(
            rule.Id ?? "",
            all.OfType<LifecyclePrefixPredicate>().FirstOrDefault()?.Prefix ?? PrefixOf(rule),
            rule.Expiration is null ? null : rule.Expiration.Days ?? (rule.Expiration.Date is null ? null : 0),
            isPartial ? null : rule.NoncurrentVersionExpiration?.NoncurrentDays,
            isPartial ? null : rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
        );
    }

    // Old rules have no filter, and the prefix stands on the rule.
    private static string PrefixOf(LifecycleRule rule) =>
#pragma warning disable CS0618
        rule.Prefix ?? "";
#pragma warning restore CS0618
}
