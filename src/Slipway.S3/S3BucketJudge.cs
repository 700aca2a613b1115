using System.Globalization;

namespace Slipway.S3;

/// <summary>Says what is wrong with a bucket from what was seen of it.</summary>
/// <param name="settings">What is expected of it.</param>
/// <param name="keep">How long backups are kept.</param>
internal sealed class S3BucketJudge(S3Settings settings, TimeSpan keep)
{
    // S3 refuses requests from 15 minutes on; a clock that is off by one is not set by anything.
    private static readonly TimeSpan SkewFails = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SkewWarns = TimeSpan.FromMinutes(1);

    /// <summary>All judgements, always the same ones in the same order.</summary>
    public IReadOnlyList<S3CheckResult> Judge(S3BucketFacts facts) =>
        [
            Transport(),
            Region(facts.Region),
            Clock(facts.ClockSkew),
            PublicAccess(facts),
            Encryption(facts.DefaultEncryption),
            Versioning(facts.Versioning),
            ObjectLock(facts.ObjectLock),
            Unfinished(facts.Lifecycle),
            Expiry(facts.Lifecycle, facts.Versioning.Value == "Enabled"),
        ];

    private S3CheckResult Transport() =>
        settings.Endpoint is { Scheme: not "https", IsLoopback: false }
            ? Fail("transport", $"{settings.Endpoint} is not encrypted", "use the store's https address")
            : Pass("transport", settings.Endpoint is { Scheme: not "https" } ? "on this machine" : "https");

    private S3CheckResult Region(S3Seen<string> region) =>
        region switch
        {
            { Hidden: { } why } => Unknown("region", why, "allow s3:ListBucket"),
            { Value: "" } when settings.Endpoint is not null => Pass(
                "region",
                $"the store names none and takes {settings.Region}"
            ),
            { Value: "" } => Unknown("region", "the store names none", "look it up in the console"),
            _ when region.Value == settings.Region => Pass("region", settings.Region),
            _ => Fail(
                "region",
                $"the bucket is in {region.Value}, the settings say {settings.Region}",
                $"set BACKUP_S3_REGION={region.Value}"
            ),
        };

    private static S3CheckResult Clock(S3Seen<TimeSpan> skew)
    {
        const string Remedy = "timedatectl set-ntp true";
        if (skew.Hidden is { } why)
        {
            return Unknown("clock", why, Remedy);
        }

        var evidence = string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Abs(skew.Value.TotalSeconds):0} s {(skew.Value < TimeSpan.Zero ? "ahead of" : "behind")} the store"
        );
        return skew.Value.Duration() switch
        {
            var by when by >= SkewFails => Fail("clock", evidence, Remedy),
            var by when by >= SkewWarns => Warn("clock", evidence, Remedy),
            _ => Pass("clock", evidence),
        };
    }

    private S3CheckResult PublicAccess(S3BucketFacts facts)
    {
        const string Name = "public access";
        const string Remedy = "switch on all four settings of the bucket's public access block";
        if (facts is { Stranger.Value: true } or { PublicPolicy.Value: true } or { PublicList.Value: true })
        {
            var how =
                facts.Stranger.Value ? "a stranger can list it"
                : facts.PublicPolicy.Value ? "its policy lets everybody in"
                : "its access list names everybody";
            return Fail(Name, how, Remedy);
        }

        if (facts.PublicAccessBlock is { Hidden: null, Value: 4 })
        {
            return Pass(Name, "blocked, all four settings");
        }

        if (settings.Endpoint is null)
        {
            return facts.PublicAccessBlock.Hidden is { } why
                ? Unknown(Name, why, "allow s3:GetBucketPublicAccessBlock")
                : Fail(Name, $"{facts.PublicAccessBlock.Value} of the four blocks are on", Remedy);
        }

        // Other stores know no such block: then everything that could open the bucket must have been seen closed.
        var hidden = facts.Stranger.Hidden ?? facts.PublicPolicy.Hidden ?? facts.PublicList.Hidden;
        return hidden is null
            ? Pass(Name, "a stranger is refused, and neither policy nor access list names everybody")
            : Unknown(Name, hidden, "allow s3:GetBucketPolicyStatus and s3:GetBucketAcl");
    }

    private static S3CheckResult Encryption(S3Seen<string> encryption) =>
        encryption switch
        {
            { Hidden: { } why } => Unknown("default encryption", why, "allow s3:GetEncryptionConfiguration"),
            { Value: "" } => Fail(
                "default encryption",
                "the bucket encrypts nothing by itself",
                "set the bucket's default encryption to AES256 or aws:kms"
            ),
            _ => Pass("default encryption", encryption.Value!),
        };

    private static S3CheckResult Versioning(S3Seen<string> versioning) =>
        versioning switch
        {
            { Hidden: { } why } => Unknown("versioning", why, "allow s3:GetBucketVersioning"),
            { Value: "Enabled" } => Pass("versioning", "on"),
            _ => Fail(
                "versioning",
                versioning.Value!.ToLowerInvariant(),
                "switch versioning on: without it whoever may write can destroy backups by writing over them"
            ),
        };

    private S3CheckResult ObjectLock(S3Seen<string> objectLock) =>
        objectLock switch
        {
            { Hidden: { } why } => Unknown("object lock", why, "allow s3:GetBucketObjectLockConfiguration"),
            { Value: "" } when settings.Retention is not null => Fail(
                "object lock",
                "off, and the settings ask for a retention",
                "make a new bucket with object lock, or take the retention out of the settings"
            ),
            { Value: "" } => Warn(
                "object lock",
                "off",
                "make the bucket with object lock: it keeps backups from whoever has the credentials"
            ),
            _ => Pass("object lock", $"on, {objectLock.Value}"),
        };

    private S3CheckResult Unfinished(S3Seen<IReadOnlyList<S3LifecycleRule>> rules)
    {
        const string Name = "unfinished uploads";
        if (rules.Hidden is { } why)
        {
            return Unknown(Name, why, "allow s3:GetLifecycleConfiguration");
        }

        var rule = rules.Value!.FirstOrDefault(rule => rule.AbortDays is not null && Covers(rule));
        return rule is null
            ? Warn(
                Name,
                "no rule removes them",
                "add a lifecycle rule that aborts incomplete multipart uploads after 1 day"
            )
            : Pass(Name, string.Create(CultureInfo.InvariantCulture, $"removed after {rule.AbortDays} d"));
    }

    private S3CheckResult Expiry(S3Seen<IReadOnlyList<S3LifecycleRule>> rules, bool hasVersions)
    {
        const string Name = "expiry";
        if (rules.Hidden is { } why)
        {
            return Unknown(Name, why, "allow s3:GetLifecycleConfiguration");
        }

        var days = (int)Math.Ceiling(keep.TotalDays);
        var early = rules.Value!.FirstOrDefault(rule => rule.ExpireDays < days && Touches(rule));
        if (early is not null)
        {
            var when = early.ExpireDays == 0 ? "on a date" : $"after {early.ExpireDays} d";
            return Fail(
                Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"rule '{early.Id}' deletes {when}, backups are kept {days} d"
                ),
                "let the rule's days be more than the retention, or lower BACKUP_RETENTION_DAYS"
            );
        }

        return hasVersions && !rules.Value!.Any(rule => rule.NoncurrentDays is not null && Covers(rule))
            ? Warn(
                Name,
                "old versions are never deleted: what retention removes lives on",
                "add a lifecycle rule that expires noncurrent versions"
            )
            : Pass(Name, string.Create(CultureInfo.InvariantCulture, $"nothing goes before {days} d"));
    }

    private bool Covers(S3LifecycleRule rule) => settings.Prefix.StartsWith(rule.Prefix, StringComparison.Ordinal);

    private bool Touches(S3LifecycleRule rule) =>
        Covers(rule) || rule.Prefix.StartsWith(settings.Prefix, StringComparison.Ordinal);

    private static S3CheckResult Pass(string name, string evidence) => new(name, S3CheckOutcome.Pass, evidence, null);

    private static S3CheckResult Fail(string name, string evidence, string remedy) =>
        new(name, S3CheckOutcome.Fail, evidence, remedy);

    private static S3CheckResult Warn(string name, string evidence, string remedy) =>
        new(name, S3CheckOutcome.Warn, evidence, remedy);

    private static S3CheckResult Unknown(string name, string why, string remedy) =>
        new(name, S3CheckOutcome.Unknown, $"could not look: {why}", remedy);
}
