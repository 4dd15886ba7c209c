using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using RedNote.Live;

namespace RedNote.Frontend.Hosting;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string Bearer = "bearer";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "RedNote";
            document.Info.Description =
                "Accounts, profiles, live rooms, deals and groups. "
                + "What streams (frames, danmaku, orders, messages, notifications) is on the hub /hub.";
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security =
                    [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type.GetInterfaces().Any(one => one.IsGenericType
                && one.GetGenericTypeDefinition() == typeof(IEntityId<>)))
            {
                schema.Type = JsonSchemaType.String;
                schema.Pattern = "^[1-9][0-9]{0,18}$";
                schema.Description = "A decimal 64-bit integer, as a string.";
            }

            if (type == typeof(DrawCondition))
            {
                // Its converter hides its members.
                schema.Type = JsonSchemaType.Object;
                schema.Description = "kind: none, password, voted, followed or watched; value: the phrase, or seconds.";
                schema.Required = new HashSet<string> { "kind" };
                schema.Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["kind"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["value"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Integer },
                };
            }

            // What is null is left out of answers and may be left out of requests.
            foreach (var property in context.JsonTypeInfo.Properties)
            {
                if (property.IsGetNullable)
                {
                    schema.Required?.Remove(property.Name);
                }
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this WebApplication app) => app.MapOpenApi();
}
