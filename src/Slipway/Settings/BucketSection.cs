namespace Slipway.Settings;

/// <summary>Reads the bucket of an environment file's store.</summary>
internal sealed class BucketSection(JsonSection store)
{
    private static readonly string[] OfBuckets =
    [
        "region",
        "prefix",
        "endpoint",
        "addressing",
        "encryption",
        "kmsKey",
        "lockDays",
    ];

    /// <summary>The bucket; null when neither the file nor the variables name one.</summary>
    public BucketSettings? Read(BackupSettings backup)
    {
        var name = store.Text("bucket", backup.Bucket);
        var endpoint = Endpoint();
        var bucket = new BucketSettings
        {
            Name = name ?? "",
            Region = store.Text("region", backup.Region ?? (endpoint is null ? null : "us-east-1")) ?? "",
            Prefix = Prefix(),
            Endpoint = endpoint,
            PathStyle = store.Choice("addressing", endpoint is null ? "host" : "path", "host", "path") is "path",
            Encryption = store.Choice("encryption", "bucket", "bucket", "AES256", "aws:kms") ?? "bucket",
            KmsKey = store.Text("kmsKey"),
            LockDays = store.Integer("lockDays", 0, 0, 3650),
        };
        if (name is null)
        {
            RefuseStrays();
            return null;
        }

        if (store.Has("folder"))
        {
            store.Ignore("folder");
            store.Bad("folder", null, $"means nothing beside bucket {name}", "remove one of the two");
        }

        if (bucket.Region.Length == 0 && !store.Has("region"))
        {
            store.Bad("region", null, "is missing", "name the bucket's region, such as eu-central-1");
        }

        return bucket;
    }

    private void RefuseStrays()
    {
        foreach (var stray in OfBuckets.Where(store.Has))
        {
            store.Bad(stray, null, "means nothing without a bucket", "name the bucket, or remove this");
        }
    }

    private string Prefix()
    {
        var prefix = store.Raw("prefix", "");
        if (prefix.StartsWith('/') || (prefix.Length > 0 && !prefix.EndsWith('/')))
        {
            store.Bad("prefix", prefix, "does not end with /, or begins with it", "write it as folder/");
        }

        return prefix;
    }

    private Uri? Endpoint()
    {
        var text = store.Text("endpoint");
        var found = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
        if (text is not null && (found is null || found.UserInfo.Length > 0))
        {
            store.Bad("endpoint", null, "is no address of a store", "write https://HOST, without user and password");
        }

        return found;
    }
}
