using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.S3;

/// <summary>The least that an identity needs, as an IAM policy to paste.</summary>
public static class S3Policy
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The policy of a role for the bucket and prefix of these settings.</summary>
    public static string Json(S3Settings settings, S3Role role) =>
        new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray([.. Statements(settings, role)]),
        }.ToJsonString(Readable);

    private static IEnumerable<JsonNode> Statements(S3Settings settings, S3Role role) =>
        role switch
        {
            S3Role.Writer => Writer(settings),
            S3Role.Reader =>
            [
                List(settings, ["s3:ListBucket"]),
                Objects(settings, "Read", ["s3:GetObject"], ["*"]),
                .. Key(settings, ["kms:Decrypt"]),
            ],
            _ => [List(settings, ["s3:ListBucket"]), Objects(settings, "Prune", ["s3:DeleteObject"], ["backups/*"])],
        };

    private static IEnumerable<JsonNode> Writer(S3Settings settings)
    {
        string[] write = ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
        string[] retain = settings.Retention is null ? [] : ["s3:PutObjectRetention", "s3:GetObjectRetention"];
        return
        [
            List(settings, ["s3:ListBucket", "s3:ListBucketMultipartUploads"]),
            Objects(settings, "Write", [.. write, .. retain], ["*"]),
            Objects(settings, "FreeLocks", ["s3:DeleteObject"], ["locks/*", "canary/*"]),
            Statement(
                "Look",
                [
                    "s3:GetBucketPublicAccessBlock",
                    "s3:GetBucketPolicyStatus",
                    "s3:GetBucketAcl",
                    "s3:GetEncryptionConfiguration",
                    "s3:GetBucketVersioning",
                    "s3:GetBucketObjectLockConfiguration",
                    "s3:GetLifecycleConfiguration",
                ],
                [Arn(settings)]
            ),
            .. Key(settings, ["kms:GenerateDataKey", "kms:Decrypt"]),
        ];
    }

    private static JsonObject List(S3Settings settings, string[] actions)
    {
        var statement = Statement("List", actions, [Arn(settings)]);
        if (settings.Prefix.Length > 0)
        {
            statement["Condition"] = new JsonObject
            {
                ["StringLike"] = new JsonObject { ["s3:prefix"] = $"{settings.Prefix}*" },
            };
        }

        return statement;
    }

    private static JsonObject Objects(S3Settings settings, string name, string[] actions, string[] keys) =>
        Statement(name, actions, [.. keys.Select(key => $"{Arn(settings)}/{settings.Prefix}{key}")]);

    // An alias or a bare id names no resource: only a whole ARN does.
    private static IEnumerable<JsonNode> Key(S3Settings settings, string[] actions) =>
        settings.KmsKeyId?.StartsWith("arn:", StringComparison.Ordinal) == true
            ? [Statement("Key", actions, [settings.KmsKeyId])]
            : [];

    private static JsonObject Statement(string name, string[] actions, string[] resources) =>
        new()
        {
            ["Sid"] = name,
            ["Effect"] = "Allow",
            ["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
            ["Resource"] = new JsonArray([.. resources.Select(resource => JsonValue.Create(resource))]),
        };

    private static string Arn(S3Settings settings) => $"arn:aws:s3:::{settings.Bucket}";
}
