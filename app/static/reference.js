// Tags are drawn closed, and schemas not by themselves: to draw everything at once takes minutes on a phone.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, docExpansion: "none", defaultModelsExpandDepth: -1, supportedSubmitMethods: [], validatorUrl: "none" });
